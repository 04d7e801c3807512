/** A signature in minisign's form is checked: of the file's BLAKE2b-512, and of a comment that can be trusted as much as the file. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { KeyError } from './key-error.ts';
import { bytesOf, idText, linesOf } from './minisign-text.ts';
import type { PublicKey } from './public-key.ts';

export const prehashed = Buffer.from('ED');
export const trustedMark = 'trusted comment: ';

// RFC 8410: what stands before the 32 bytes in a SubjectPublicKeyInfo.
const beforePublic = Buffer.from('302a300506032b6570032100', 'hex');

/** Gives the trusted comment. @throws KeyError where the signature is not that key's, or not of that content */
export function checkSignature(text: string, content: Uint8Array | string, key: PublicKey): string {
  const again = 'sign again: letterbox bake';
  const [, line, trusted = '', global] = linesOf(text, 4, 'signature', again);
  const bytes = bytesOf(line, 74, 'signature', again);
  const globally = bytesOf(global, 64, 'signature', again);
  if (!trusted.startsWith(trustedMark)) throw new KeyError('is a damaged signature', again);
  const [kind, id, signature] = [bytes.subarray(0, 2), bytes.subarray(2, 10), bytes.subarray(10)];
  if (!kind.equals(prehashed))
    throw new KeyError("is of minisign's old kind, which signs no hash", 'sign again, without minisign’s -l');
  if (!id.equals(Buffer.from(key.id)))
    throw new KeyError(
      `is by the key ${idText(id)}, and the one named is ${idText(key.id)}`,
      'name the key of whoever baked it; if this is the one, somebody else signed',
    );
  if (!isSignedBy(key.bytes, hashOf(content), signature))
    throw new KeyError(
      'does not fit what was signed: that was changed, or another key has this number',
      'bake again, or get the whole folder from where it was baked',
    );
  const comment = trusted.slice(trustedMark.length);
  if (!isSignedBy(key.bytes, Buffer.concat([signature, Buffer.from(comment)]), globally))
    throw new KeyError('has a trusted comment that was changed', again);
  return comment;
}

export function hashOf(content: Uint8Array | string): Buffer {
  return createHash('blake2b512').update(content).digest();
}

/** Ed25519 with Node's own crypto. */
function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: Buffer.concat([beforePublic, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, message, key, signature);
}
