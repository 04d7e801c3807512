/** A signature in minisign's form is made; `contract/trust/signature.ts` checks it. */
import { commentMark } from '../../contract/trust/minisign-text.ts';
import { hashOf, prehashed, trustedMark } from '../../contract/trust/signature.ts';
import { signedBy } from './ed25519.ts';
import type { SecretKey } from './secret-key.ts';

/** The same for the same content, comment and key. */
export function signatureText(content: Uint8Array | string, comment: string, key: SecretKey): string {
  const signature = signedBy(key.seed, hashOf(content));
  const globally = signedBy(key.seed, Buffer.concat([signature, Buffer.from(comment)]));
  const line = Buffer.concat([prehashed, key.id, signature]).toString('base64');
  return `${commentMark}signature of letterbox\n${line}\n${trustedMark}${comment}\n${globally.toString('base64')}\n`;
}
