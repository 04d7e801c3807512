/**
 * The keys that sign the zones, in Mail-in-a-Box's layout: one set for all zones, whose records carry the
 * placeholder `_domain_` for the zone's name. Sets that exist are kept, and every one of them signs.
 */
import { createHash } from 'node:crypto';
import { Failure } from '../failure.ts';
import type { Machine } from '../machine.ts';
import { paths } from '../paths.ts';

/** Algorithm 13 of DNSSEC (RFC 8624): small signatures, and every validator knows it. */
const algorithmOfNewKeys = 'ECDSAP256SHA256';
const placeholder = '_domain_';

export interface SigningKey {
  /** Name of its files, without the ending. */
  readonly base: string;
  /** 257: signs the keys, and the parent vouches for it. 256: signs the records. */
  readonly flags: number;
  readonly algorithm: number;
  readonly publicKey: string;
}
export interface KeySet {
  /** As in the name of its `.conf`. */
  readonly name: string;
  readonly keys: readonly SigningKey[];
  /** The only zones that it signs; absent: all. */
  readonly domains?: readonly string[];
}

/** Every whole set. @throws Failure for one whose files are not all there: somebody must restore them. */
export async function readKeySets(machine: Machine): Promise<KeySet[]> {
  const sets: KeySet[] = [];
  for (const file of await machine.list(paths.dnssec)) {
    const name = /^([A-Z0-9-]+)\.conf$/.exec(file)?.[1];
    if (name === undefined) continue;
    const text = (await machine.read(`${paths.dnssec}/${file}`)) ?? '';
    const values = new Map(
      [...text.matchAll(/^([A-Z]+)=(.*)$/gm)].map(([, key = '', value = '']) => [key, value.trim()]),
    );
    const keys = [
      await readKey(machine, file, values.get('KSK')),
      await readKey(machine, file, values.get('ZSK')),
    ];
    const domains =
      values
        .get('DOMAINS')
        ?.split(/[\s,]+/)
        .filter(Boolean) ?? [];
    sets.push({ name, keys, ...(domains.length === 0 ? {} : { domains }) });
  }
  return sets;
}

async function readKey(machine: Machine, conf: string, base = ''): Promise<SigningKey> {
  const broken = (what: string) =>
    new Failure(
      `${paths.dnssec}/${conf}: ${what}`,
      'restore the keys from a backup, or move this file away and reboot',
    );
  if (!/^K[A-Za-z0-9_.]+\+\d{3}\+\d{5}$/.test(base)) throw broken('names no key');
  const record = await machine.read(`${paths.dnssec}/${base}.key`);
  const [, flags, algorithm, publicKey] =
    /\sDNSKEY\s+(\d+)\s+3\s+(\d+)\s+([A-Za-z0-9+/= ]+)/.exec(record ?? '') ?? [];
  if (publicKey === undefined) throw broken(`${base}.key is missing or damaged`);
  if (!/^PrivateKey:|^Modulus:/m.test((await machine.read(`${paths.dnssec}/${base}.private`)) ?? ''))
    throw broken(`${base}.private is missing or damaged`);
  return { base, flags: Number(flags), algorithm: Number(algorithm), publicKey: publicKey.replace(/ /g, '') };
}

/** Those of the keys that sign this zone. */
export function keysFor(zone: string, sets: readonly KeySet[]): SigningKey[] {
  return sets
    .filter(({ domains }) => domains === undefined || domains.includes(zone))
    .flatMap(({ keys }) => keys);
}

/** Identifies the keys, so that a zone is signed anew when they change. */
export function fingerprintOf(keys: readonly SigningKey[]): string {
  const lines = keys.map(({ base, publicKey }) => `${base} ${publicKey}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 32);
}

/** The public record of a key in a zone: what its `.key` file says, with the zone's name. */
export function dnskeyRecord(zone: string, { flags, algorithm, publicKey }: SigningKey): string {
  return `${zone}. IN DNSKEY ${flags} 3 ${algorithm} ${publicKey}\n`;
}

/** Makes a set of keys where there is none. Its `.conf` comes last: a power cut before leaves no half of a set. */
export async function makeKeySet(machine: Machine): Promise<void> {
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.putDirectory({ path: paths.dnsWork, mode: 0o700 });
  const make = async (...flags: string[]) => {
    const argv = ['ldns-keygen', '-a', algorithmOfNewKeys, '-r', '/dev/urandom', ...flags, placeholder];
    const base = (await machine.run(argv, '', paths.dnsWork)).trim();
    for (const ending of ['private', 'key', 'ds']) {
      const made = `${paths.dnsWork}/${base}.${ending}`;
      const text = await machine.read(made);
      if (text !== undefined)
        await machine.put({ path: `${paths.dnssec}/${base}.${ending}`, mode: 0o600, text });
      await machine.remove(made);
    }
    return base;
  };
  const ksk = await make('-k');
  const zsk = await make();
  const conf = { path: `${paths.dnssec}/${algorithmOfNewKeys}.conf`, mode: 0o600 };
  await machine.put({ ...conf, text: `KSK=${ksk}\nZSK=${zsk}\n` });
}
