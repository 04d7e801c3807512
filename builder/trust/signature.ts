/** A signature in minisign's form: of the file's BLAKE2b-512, and of a comment that can be trusted as much as the file. */
import { createHash } from 'node:crypto';
import { isSignedBy, signedBy } from './ed25519.ts';
import { KeyError } from './key-error.ts';
import { bytesOf, commentMark, idText, linesOf } from './minisign-text.ts';
import type { PublicKey } from './public-key.ts';
import type { SecretKey } from './secret-key.ts';

const prehashed = Buffer.from('ED');
const trustedMark = 'trusted comment: ';

/** The same for the same content, comment and key. */
export function signatureText(content: Uint8Array | string, comment: string, key: SecretKey): string {
  const signature = signedBy(key.seed, hashOf(content));
  const globally = signedBy(key.seed, Buffer.concat([signature, Buffer.from(comment)]));
  const line = Buffer.concat([prehashed, key.id, signature]).toString('base64');
  return `${commentMark}signature of letterbox\n${line}\n${trustedMark}${comment}\n${globally.toString('base64')}\n`;
}

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

function hashOf(content: Uint8Array | string): Buffer {
  return createHash('blake2b512').update(content).digest();
}
