/** The keys that sign mail and zones: the DKIM record and the DS records at the registrar stay true. */
import { keyFile, readSelectors } from '../../keys/dkim/selectors.ts';
import { numberOf, readKeySets, rsaBits, type SigningKey } from '../../keys/dnssec/key-sets.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { counted } from '../old-box.ts';
import type { Subject } from './subject.ts';

/** Under this many bits receivers pay no heed to a key (RFC 8301). */
const fewestBits = 1024;
const goodBits = 2048;

export const dkimSubject: Subject = {
  title: 'DKIM key',
  folders: [{ path: paths.dkim, modes: 'D0700,F0600' }],
  async look({ machine }) {
    const { signing } = await readSelectors(machine);
    const { path } = keyFile(signing);
    const key = await readKey(machine, path);
    if (key === undefined) {
      if (!(await machine.exists(path))) return { stays: ['there is none: the box makes one'] };
      throw new Failure(
        `${path} is damaged`,
        'copy it anew, or remove that copy: the box then makes a new key',
      );
    }
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    if (key.asymmetricKeyType !== 'rsa' || bits < fewestBits)
      throw new Failure(
        `${path} is no RSA key of at least ${fewestBits} bits`,
        'remove that copy: the box makes a new key',
      );
    return {
      comes: `RSA, ${bits} bits, selector ${signing}`,
      ...(bits < goodBits ? { stays: [`${bits} bits are few: afterwards, box dns rollover dkim`] } : {}),
    };
  },
};

export const dnssecSubject: Subject = {
  title: 'DNSSEC keys',
  folders: [{ path: paths.dnssec, modes: 'D0700,F0600' }],
  async look({ machine }) {
    const sets = await readKeySets(machine);
    if (sets.length === 0)
      return { stays: ['there are none: the box makes some, and the registrar needs a new DS record'] };
    const keys = sets.flatMap((set) => set.keys);
    return {
      comes: `${counted(sets.length, 'set')} (${sets.map(({ name }) => name).join(', ')}): every zone is signed by them, and the DS records stay true`,
      stays: [...fewBits(keys), ...sameNumber(keys)],
    };
  },
};

const kindsOf = (keys: readonly SigningKey[]) =>
  ['zsk', 'ksk'].filter((kind) => keys.some(({ flags }) => (flags === 257) === (kind === 'ksk')));
const rollovers = (kinds: readonly string[]) =>
  kinds.map((kind) => `box dns rollover ${kind}`).join(', then ');

/** Mail-in-a-Box's ZSK had 1024 bits up to v0.53a, and all its RSA keys have from v0.54 on. */
function fewBits(keys: readonly SigningKey[]): string[] {
  const few = keys.filter((key) => (rsaBits(key) ?? goodBits) < goodBits);
  if (few.length === 0) return [];
  const bits = Math.min(...few.map((key) => rsaBits(key) ?? goodBits));
  return [`RSA keys of ${bits} bits are short: once all is well, ${rollovers(kindsOf(few))}`];
}

function sameNumber(keys: readonly SigningKey[]): string[] {
  const same = keys.filter((key) => keys.some((other) => other !== key && numberOf(other) === numberOf(key)));
  const kind = kindsOf(same)[0];
  if (kind === undefined) return [];
  return [
    `${same.map(({ base }) => base).join(' and ')} have one number, and the signer takes one for the other, as on the old box: once all is well, ${rollovers([kind])}`,
  ];
}
