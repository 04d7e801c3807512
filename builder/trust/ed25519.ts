/** Ed25519 with Node's own crypto, by the 32 bytes that minisign's files hold: the half that signs. */
import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';

// RFC 8410: what stands before the 32 bytes in PKCS #8.
const beforeSeed = Buffer.from('302e020100300506032b657004220420', 'hex');

export function publicOf(seed: Uint8Array): Buffer {
  const { x = '' } = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

export function signedBy(seed: Uint8Array, message: Uint8Array): Buffer {
  return sign(null, message, privateKey(seed));
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([beforeSeed, seed]), format: 'der', type: 'pkcs8' });
}
