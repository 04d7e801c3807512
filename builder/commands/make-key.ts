/** `letterbox key`: makes the pair of keys that signs images and checks them, in minisign's form. */
import { existsSync } from 'node:fs';
import { publicKeyLine, publicKeyText } from '../../contract/trust/public-key.ts';
import { Terminal } from '../host/terminal.ts';
import { writeNewFile } from '../host/write.ts';
import { usualLimits } from '../trust/scrypt.ts';
import { makeSecretKey, secretKeyText } from '../trust/secret-key.ts';
import { givenPassword, passwordVariable } from './signer.ts';

export interface KeyPair {
  readonly secretFile: string;
  readonly publicFile: string;
  /** As `minisign -P` takes it. */
  readonly line: string;
}

/** Gives the password of a new key, or undefined where it is to have none. */
export type NewPassword = () => Promise<string | undefined>;

/** @throws where one of the two files is there: a key is never written over */
export async function makeKeyPair(
  secretFile: string,
  newPassword: NewPassword,
  limits = usualLimits,
): Promise<KeyPair> {
  const publicFile = `${secretFile.replace(/\.key$/, '')}.pub`;
  // First: nobody thinks of a password for nothing.
  for (const file of [secretFile, publicFile]) if (existsSync(file)) throw isThere(file);
  const password = await newPassword();
  const key = makeSecretKey();
  write(secretFile, await secretKeyText(key, password, limits), 0o600);
  write(publicFile, publicKeyText(key), 0o644);
  return { secretFile, publicFile, line: publicKeyLine(key) };
}

function write(file: string, text: string, mode: number): void {
  try {
    writeNewFile(file, text, mode);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? isThere(file) : error;
  }
}

const isThere = (file: string) =>
  new Error(`${file}: is there already, and a key is never written over; name another file, or move it away`);

/** Asked twice at the terminal, or of the environment. @throws where there is neither, or the two differ */
export async function askNewPassword(): Promise<string> {
  const given = givenPassword();
  if (given !== undefined) return checked(given);
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new Error(
      `a password for the key: there is no terminal to ask for it; give it in ${passwordVariable}, or --without-password`,
    );
  const terminal = new Terminal();
  try {
    const password = await terminal.ask('Password of the new key: ', { hidden: true });
    const again = await terminal.ask('The same again: ', { hidden: true });
    if (password !== again)
      throw new Error('the two passwords differ: nothing was written; run the command again');
    return checked(password);
  } finally {
    terminal.close();
  }
}

function checked(password: string): string {
  // As long as minisign takes one.
  if (password !== '' && Buffer.byteLength(password) < 1024) return password;
  throw new Error('a password has 1 to 1023 bytes: give one, or --without-password');
}
