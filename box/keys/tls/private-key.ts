/** RSA private keys in PEM files: a key that exists is kept whatever happens around it. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { Failure } from '../../machine/failure.ts';
import type { Directory, Machine } from '../../machine/machine.ts';

const generate = promisify(generateKeyPair);

/** Whether a text lacks what makes it a whole PEM block: empty, zeroed or cut off. */
export function isDamaged(pem: string): boolean {
  return !/-----BEGIN ([A-Z0-9 ]+)-----\r?\n[\s\S]+\n-----END \1-----/.test(pem);
}

/** The key in the file; undefined where there is none or what is there is cut off. */
export async function readKey(machine: Machine, path: string): Promise<KeyObject | undefined> {
  const pem = await machine.read(path);
  if (pem === undefined || isDamaged(pem)) return undefined;
  try {
    return createPrivateKey(pem);
  } catch {
    // A whole key in a form we can't read is still somebody's key.
    throw new Failure(
      `${path} is not a private key that the box can read`,
      'move it away or restore it, then reboot',
    );
  }
}

export async function isKeyInPlace(machine: Machine, file: Directory): Promise<boolean> {
  return (await readKey(machine, file.path)) !== undefined && (await machine.isOwned(file));
}

/** Makes an RSA 2048 key where there is none; what a power cut damaged is set aside, never destroyed. */
export async function keepOrMakeKey(machine: Machine, file: Directory): Promise<void> {
  if ((await readKey(machine, file.path)) !== undefined) {
    await machine.own(file);
    return;
  }
  const { privateKey } = await generate('rsa', { modulusLength: 2048 });
  const text = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  if (await machine.exists(file.path)) await machine.setAside(file.path);
  await machine.put({ ...file, text });
}

/** SHA-256 of a private key's SubjectPublicKeyInfo, in hexadecimal: what a TLSA record says of it (RFC 6698, `3 1 1`). */
export function keyHash(key: KeyObject): string {
  return createHash('sha256')
    .update(createPublicKey(key).export({ type: 'spki', format: 'der' }))
    .digest('hex');
}
