/** Signs one zone and verifies what came out; nothing outside of `/run/box/dns` is touched. */
import type { Image } from '../../contract/settings.ts';
import { dnskeyRecord, type SigningKey } from '../keys/dnssec/key-sets.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { dnsTime, readSigned, type Signed } from './zone.ts';

const day = 86_400_000;
/** Signatures hold so long, and are renewed when a third of it is left. */
const life = 30 * day;
/** A validator's clock may be behind. */
const early = day;

/** A clock that was set right may have gone back a little. */
const slack = day / 24;

type Times = Pick<Signed, 'inception' | 'expiration'>;

/** Whether signatures that end then are to be renewed. */
export function isEnding({ expiration }: Times, now: Date): boolean {
  return expiration.getTime() - now.getTime() < life / 3;
}

/** Whether they begin after now, or end later than any that are made now. */
export function isOfTheFuture({ inception, expiration }: Times, now: Date): boolean {
  return inception > now || expiration.getTime() - now.getTime() > life + slack;
}

export interface Unsigned {
  readonly name: string;
  /** The zone file's text, with its serial. */
  readonly text: string;
  readonly keys: readonly SigningKey[];
}

/** Gives the signed zone's text. @throws Failure when it can't be signed, or is not whole and loadable then. */
export async function signZone(
  machine: Machine,
  image: Image,
  { name, text, keys }: Unsigned,
  now: Date,
): Promise<string> {
  if (keys.length === 0)
    throw new Failure('no key signs this zone', `look at DOMAINS= in ${paths.dnssec}/*.conf`);
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.putDirectory({ path: paths.dnsWork, mode: 0o700 });
  const unsigned = `${paths.dnsWork}/zone`;
  const signed = `${unsigned}.signed`;
  await machine.put({ path: unsigned, mode: 0o600, text });
  const bases: string[] = [];
  for (const key of keys) {
    const base = `${paths.dnsWork}/${key.base}`;
    await machine.put({ path: `${base}.key`, mode: 0o600, text: dnskeyRecord(name, key) });
    // The private key stays where it is: no copy of it is made.
    await machine.link(`${base}.private`, machine.at(`${paths.dnssec}/${key.base}.private`));
    bases.push(machine.at(base));
  }
  await machine.remove(signed);
  // RFC 9276: no salt, no further iterations, no opt-out.
  const nsec3 = ['-n', '-t', '0'];
  const times = [
    '-i',
    dnsTime(new Date(now.getTime() - early)),
    '-e',
    dnsTime(new Date(now.getTime() + life)),
  ];
  const place = ['-o', name, '-f', machine.at(signed), machine.at(unsigned)];
  await machine.run(['ldns-signzone', ...nsec3, ...times, ...place, ...bases]);
  await machine.run(['ldns-verify-zone', '-t', dnsTime(now), machine.at(signed)]);
  const check = image.commands.checkZone.map((word) =>
    word === '{zone}' ? name : word === '{file}' ? machine.at(signed) : word,
  );
  await machine.run(check);
  const result = await machine.read(signed);
  if (result === undefined || readSigned(result) === undefined) {
    throw new Failure('ldns-signzone left no signed zone', 'is the disk of /run full? look: df /run');
  }
  return result;
}
