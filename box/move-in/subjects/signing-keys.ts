/** The keys that sign mail and zones: the DKIM record and the DS records at the registrar stay true. */
import { keyFile, readSelectors } from '../../keys/dkim/selectors.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
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
    return {
      comes: `${counted(sets.length, 'set')} (${sets.map(({ name }) => name).join(', ')}): every zone is signed by them, and the DS records stay true`,
    };
  },
};
