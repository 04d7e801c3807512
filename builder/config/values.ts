/** The kinds of values that `box.yaml` is written in: text of one form, sizes, names, addresses, keys. */
import { isIP } from 'node:net';
import * as z from 'zod';
import { accountPattern, hostnamePattern, sshKeyPattern } from '../../contract/settings.ts';

const KiB = 1024;
export const MiB = 1024 * KiB;
export const GiB = 1024 * MiB;

/** Text of one form. `title` is its short name in the reference. */
export const text = (title: string, pattern: RegExp, message: string, example: string) =>
  z
    .string()
    .regex(pattern, message)
    .meta({ title, examples: [example] });

/** `512MiB`, `8GiB`: a whole number and a binary unit (IEC 80000-13), read as bytes. */
export const size = (example: string, minimum: string, maximum: string, step = 1) =>
  text(
    `size, ${minimum} to ${maximum}`,
    /^[1-9]\d{0,8}(KiB|MiB|GiB)$/,
    'must be a whole number with KiB, MiB or GiB',
    example,
  )
    .transform(bytes)
    .refine((n) => n >= bytes(minimum), `must be at least ${minimum}`)
    .refine((n) => n <= bytes(maximum), `must be at most ${maximum}`)
    .refine((n) => n % step === 0, 'must be a multiple of 1MiB');

/** Bytes in a size such as `8GiB`. */
export function bytes(size: string): number {
  const units = { KiB, MiB, GiB };
  const unit = size.slice(-3) as keyof typeof units;
  return Number(size.slice(0, -3)) * units[unit];
}

/** The same the other way round, in whole GiB or else in whole MiB. */
export function sizeText(n: number): string {
  return n % GiB === 0 ? `${n / GiB}GiB` : `${Math.floor(n / MiB)}MiB`;
}

/** Of a box whose config names none. */
export const usualTimezone = 'Etc/UTC';

export const hostname = text(
  'host name',
  hostnamePattern,
  'must be a fully qualified host name in lower case ASCII',
  'box.example.com',
);

export const domain = text(
  'domain',
  hostnamePattern,
  'must be a domain in lower case ASCII',
  'club.example.com',
);

/** A mail address for an account. RFC 5321 section 4.1.2: a dot-string has no two dots in a row. */
export const mailAddressPattern = new RegExp(
  `^(?!.*\\.\\.)${accountPattern.source.slice(1)}${hostnamePattern.source.slice(1)}`,
);

export const mailAddress = text(
  'mail address',
  mailAddressPattern,
  'must be a plain mail address in lower case',
  'me@example.com',
);

export const sshKey = text(
  'ssh public key',
  sshKeyPattern,
  'must be one public key on one line',
  'ssh-ed25519 AAAA... you@laptop',
);

/** An address or a network: `203.0.113.7`, `2001:db8:1:2::/64`. */
export const network = z
  .string()
  .refine(isNetwork, 'must be an IP address, or a network as address/length')
  .meta({ title: 'address or network', examples: ['203.0.113.7', '2001:db8:1:2::/64'] });

function isNetwork(value: string): boolean {
  const [address = '', length, ...more] = value.split('/');
  const family = isIP(address);
  if (family === 0 || more.length > 0 || address.includes('%')) return false;
  return length === undefined || (/^\d{1,3}$/.test(length) && Number(length) <= (family === 4 ? 32 : 128));
}
