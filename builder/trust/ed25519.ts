/** Ed25519 with Node's own crypto, by the 32 bytes that minisign's files hold: seeds and public keys. */
import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';

// RFC 8410: what stands before the 32 bytes in PKCS #8 and in a SubjectPublicKeyInfo.
const beforeSeed = Buffer.from('302e020100300506032b657004220420', 'hex');
const beforePublic = Buffer.from('302a300506032b6570032100', 'hex');

export function publicOf(seed: Uint8Array): Buffer {
  const { x = '' } = createPublicKey(privateKey(seed)).export({ format: 'jwk' });
  return Buffer.from(x, 'base64url');
}

export function signedBy(seed: Uint8Array, message: Uint8Array): Buffer {
  return sign(null, message, privateKey(seed));
}

export function isSignedBy(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({
    key: Buffer.concat([beforePublic, publicKey]),
    format: 'der',
    type: 'spki',
  });
  return verify(null, message, key, signature);
}

function privateKey(seed: Uint8Array): KeyObject {
  return createPrivateKey({ key: Buffer.concat([beforeSeed, seed]), format: 'der', type: 'pkcs8' });
}
