/**
 * The keys that sign the zones, in Mail-in-a-Box's layout: one set for all zones, whose records carry the
 * placeholder `_domain_` for the zone's name. Sets that exist are kept, and every one of them signs. While a key is
 * being replaced, `rollovers.json` names the one that the set's `.conf` does not.
 */
import { createHash } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { bothCount, type Kind, type Rollovers, readRollovers } from '../rollovers.ts';

export interface SigningKey {
  /** Name of its files, without the ending. */
  readonly base: string;
  /** 257: signs the keys, and the parent vouches for it. 256: signs the records. */
  readonly flags: number;
  readonly algorithm: number;
  readonly publicKey: string;
  /** `coming`: the parent must not vouch for it yet. `leaving`: another takes its place. */
  readonly rollover?: 'coming' | 'leaving';
}
export interface KeySet {
  /** As in the name of its `.conf`. */
  readonly name: string;
  readonly keys: readonly SigningKey[];
  /** The only zones that it signs; absent: all. */
  readonly domains?: readonly string[];
}

export const confFile = (set: string) => `${paths.dnssec}/${set}.conf`;

/** Every whole set. @throws Failure for one whose files are not all there: somebody must restore them. */
export async function readKeySets(machine: Machine): Promise<KeySet[]> {
  const rollovers = await readRollovers(machine);
  const sets: KeySet[] = [];
  for (const file of await machine.list(paths.dnssec)) {
    const name = /^([A-Z0-9-]+)\.conf$/.exec(file)?.[1];
    if (name === undefined) continue;
    const text = (await machine.read(confFile(name))) ?? '';
    const keys: SigningKey[] = [];
    for (const kind of ['ksk', 'zsk'] as const) {
      const named = confValue(text, kind.toUpperCase());
      for (const { base, ...more } of keysThatCount(rollovers, kind, name, named))
        keys.push({ ...(await readSigningKey(machine, file, base)), ...more });
    }
    const domains = confValue(text, 'DOMAINS')
      .split(/[\s,]+/)
      .filter(Boolean);
    sets.push({ name, keys, ...(domains.length === 0 ? {} : { domains }) });
  }
  return sets;
}

export function confValue(text: string, key: string): string {
  return new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
}

/** The key that the `.conf` names, or the one or two that its replacement has in use. */
function keysThatCount(
  rollovers: Rollovers,
  kind: Kind,
  set: string,
  named: string,
): Pick<SigningKey, 'base' | 'rollover'>[] {
  const rollover = rollovers[kind];
  const pair = rollover?.pairs.find((each) => each.set === set);
  // A .conf that names a third key was restored: it counts.
  if (rollover === undefined || pair === undefined || ![pair.old, pair.new].includes(named))
    return [{ base: named }];
  if (!bothCount(rollover)) return [{ base: rollover.phase === 'making' ? pair.old : pair.new }];
  return rollover.phase === 'introducing'
    ? [{ base: pair.old }, { base: pair.new, rollover: 'coming' }]
    : [{ base: pair.new }, { base: pair.old, rollover: 'leaving' }];
}

/** @param conf the file that names it */
export async function readSigningKey(machine: Machine, conf: string, base = ''): Promise<SigningKey> {
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

/** By this ldns-signzone knows a key, whatever its algorithm: of two that share it, it takes one for the other. */
export const numberOf = ({ base, flags }: SigningKey) => (Number(base.slice(-5)) - (flags & 1)) & 0xffff;

/** Bits of an RSA key (RFC 3110, its exponent shorter than 256 bytes); undefined: it is of another kind. */
export function rsaBits({ algorithm, publicKey }: SigningKey): number | undefined {
  if (![5, 7, 8, 10].includes(algorithm)) return undefined;
  const bytes = Buffer.from(publicKey, 'base64');
  return 8 * (bytes.length - 1 - (bytes[0] ?? 0));
}

/** Those of the keys that sign this zone. */
export function keysFor(zone: string, sets: readonly KeySet[]): SigningKey[] {
  return sets
    .filter(({ domains }) => domains === undefined || domains.includes(zone))
    .flatMap(({ keys }) => keys);
}

/** Identifies the keys, so that a zone is signed anew when they change. */
export function fingerprintOf(keys: readonly SigningKey[]): string {
  const lines = keys.map(({ base, publicKey }) => `${base} ${publicKey}\n`).sort();
  return createHash('sha256').update(lines.join('')).digest('hex').slice(0, 32);
}

/** The public record of a key in a zone: what its `.key` file says, with the zone's name. */
export function dnskeyRecord(zone: string, { flags, algorithm, publicKey }: SigningKey): string {
  return `${zone}. IN DNSKEY ${flags} 3 ${algorithm} ${publicKey}\n`;
}
