/** Makes DNSSEC keys with ldns, in memory first: on the disk they lie only once somebody knows their names. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { confFile } from './key-sets.ts';

/** By number (RFC 8624). RSA keys have 2048 bits. */
export const algorithms: Readonly<Record<number, string>> = {
  7: 'RSASHA1-NSEC3-SHA1',
  8: 'RSASHA256',
  13: 'ECDSAP256SHA256',
};
/** Algorithm 13: small signatures, and every validator knows it. */
export const usualAlgorithm = 'ECDSAP256SHA256';

const placeholder = '_domain_';
const endings = ['private', 'key', 'ds'] as const;

/** Makes a key in `/run/box/dns`. Gives the name of its files, which no other key has. */
export async function generateKey(machine: Machine, algorithm: string, kind: 'zsk' | 'ksk'): Promise<string> {
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.putDirectory({ path: paths.dnsWork, mode: 0o700 });
  const size = algorithm.startsWith('RSA') ? ['-b', '2048'] : [];
  const flags = kind === 'ksk' ? ['-k'] : [];
  // The name ends in a tag of 16 bits: another key may have the same. So near to another's ldns-signzone takes one key for the
  // other, whatever their algorithms: it looks for a tag, and for the one that the key would have as a KSK.
  const tags = (await machine.list(paths.dnssec)).flatMap(
    (name) => /\+(\d{5})\.private$/.exec(name)?.[1] ?? [],
  );
  for (let attempt = 0; attempt < 8; attempt++) {
    const argv = ['ldns-keygen', '-a', algorithm, ...size, '-r', '/dev/urandom', ...flags, placeholder];
    const base = (await machine.run(argv, '', paths.dnsWork)).trim();
    if (!tags.some((tag) => Math.abs(Number(tag) - Number(base.slice(-5))) <= 1)) return base;
  }
  throw new Failure('every new key has the tag of an old one, or the next', 'try again');
}

/** Puts a generated key to the others. */
export async function keepKey(machine: Machine, base: string): Promise<void> {
  for (const ending of endings) {
    const made = `${paths.dnsWork}/${base}.${ending}`;
    const text = await machine.read(made);
    if (text !== undefined)
      await machine.put({ path: `${paths.dnssec}/${base}.${ending}`, mode: 0o600, text });
    await machine.remove(made);
  }
}

/** Removes a key's files, the secret first. */
export async function removeKey(machine: Machine, base: string): Promise<void> {
  for (const ending of endings) await machine.remove(`${paths.dnssec}/${base}.${ending}`);
}

/** Makes a set of keys where there is none. Its `.conf` comes last: a power cut before leaves no half of a set. */
export async function makeKeySet(machine: Machine, algorithm: string = usualAlgorithm): Promise<void> {
  const ksk = await generateKey(machine, algorithm, 'ksk');
  await keepKey(machine, ksk);
  const zsk = await generateKey(machine, algorithm, 'zsk');
  await keepKey(machine, zsk);
  await machine.put({ path: confFile(algorithm), mode: 0o600, text: `KSK=${ksk}\nZSK=${zsk}\n` });
}
