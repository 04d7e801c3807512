/** A public key as minisign writes it: what people check signatures with. */
import { KeyError } from './key-error.ts';
import { bytesOf, commentMark, idText, linesOf } from './minisign-text.ts';

export interface PublicKey {
  /** 8 bytes, by which a signature says whose it is. */
  readonly id: Uint8Array;
  readonly bytes: Uint8Array;
}

const algorithm = Buffer.from('Ed');
const remedy = 'name the .pub file that `letterbox key` or `minisign -G` wrote';

/** @throws KeyError */
export function parsePublicKey(text: string): PublicKey {
  const [, line] = linesOf(text, 2, 'public key', remedy);
  const bytes = bytesOf(line, 42, 'public key', remedy);
  if (!bytes.subarray(0, 2).equals(algorithm)) throw new KeyError('is a key of another kind', remedy);
  return { id: bytes.subarray(2, 10), bytes: bytes.subarray(10) };
}

/** Its one line of base64, as `minisign -P` takes it too. */
export function publicKeyLine({ id, bytes }: PublicKey): string {
  return Buffer.concat([algorithm, id, bytes]).toString('base64');
}

export function publicKeyText(key: PublicKey): string {
  return `${commentMark}minisign public key ${idText(key.id)}\n${publicKeyLine(key)}\n`;
}
