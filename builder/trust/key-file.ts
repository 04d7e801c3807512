/** The file of a secret key: it is the owner's alone, and goes to nobody who can't open it. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { KeyError } from '../../contract/trust/key-error.ts';
import { mostBytes } from '../../contract/trust/minisign-text.ts';
import { parseSecretKey, type SealedKey } from './secret-key.ts';

/** @throws KeyError where it can't be read, others can read it, or it holds no key */
export function readKeyFile(file: string): SealedKey {
  const descriptor = opened(file);
  try {
    const { mode, size } = fstatSync(descriptor);
    if ((mode & 0o077) !== 0)
      throw new KeyError(
        `is a file that others may read (mode ${(mode & 0o777).toString(8).padStart(4, '0')}), ${file}`,
        `make it yours alone: chmod 600 ${file}`,
      );
    const bytes = Buffer.alloc(Math.min(size, mostBytes));
    return parseSecretKey(bytes.toString('utf8', 0, readSync(descriptor, bytes)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new KeyError(`can't be read (${code}), ${file}`, 'name the file that holds the key');
  } finally {
    closeSync(descriptor);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT')
      throw new KeyError(
        `names a file that there is not, ${file}`,
        `write its path from where the config lies, or make one: letterbox key ${file}`,
      );
    throw new KeyError(`can't be read (${code}), ${file}`, 'give yourself the permission to read it');
  }
}
