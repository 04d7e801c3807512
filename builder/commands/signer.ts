/** The key that signs a bake, opened before anything is baked; what is wrong with it is told where the config names it. */
import path from 'node:path';
import { KeyError } from '../../contract/trust/key-error.ts';
import type { Loaded } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import { Terminal } from '../host/terminal.ts';
import { readKeyFile } from '../trust/key-file.ts';
import { openSecretKey, type SecretKey } from '../trust/secret-key.ts';

export const passwordVariable = 'LETTERBOX_KEY_PASSWORD';

/** Gives the password of a key file. */
export type AskPassword = (file: string) => Promise<string>;

/** Undefined where the config names none. @throws ConfigError */
export async function signerOf(
  { config, source }: Loaded,
  ask: AskPassword = askPassword,
): Promise<SecretKey | undefined> {
  const file = signingKeyFile({ config, source });
  if (file === undefined) return undefined;
  try {
    const sealed = readKeyFile(file);
    return await openSecretKey(sealed, sealed.locked === undefined ? undefined : await ask(file));
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    const { rule, remedy } = error;
    const place = source.placeOf(['image', 'signingKey']);
    throw new ConfigError([{ place, key: 'image.signingKey', rule, remedy }]).of(source.text);
  }
}

/** A path is from where the config lies. */
export function signingKeyFile({ config, source }: Loaded): string | undefined {
  const { signingKey } = config.image;
  if (signingKey === undefined || path.isAbsolute(signingKey)) return signingKey;
  return path.join(path.dirname(source.file), signingKey);
}

/** Of the environment, else at the terminal; never an argument, which every user of the machine can read. */
export async function askPassword(file: string): Promise<string> {
  const given = givenPassword();
  if (given !== undefined) return given;
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new KeyError(
      `has a password, and here is no terminal to ask for it, ${file}`,
      `give it in ${passwordVariable}`,
    );
  const terminal = new Terminal();
  try {
    return await terminal.ask(`Password of ${file}: `, { hidden: true });
  } finally {
    terminal.close();
  }
}

/** Taken away too: the programs that the bake starts have no need of it. */
export function givenPassword(): string | undefined {
  const given = process.env[passwordVariable];
  delete process.env[passwordVariable];
  return given;
}
