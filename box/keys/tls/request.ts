/** A certificate signing request (PKCS #10) for the box's key, to hand to an authority. */
import type { KeyObject } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';

/** @param names the first is the common name too, where it fits */
export async function makeRequest(names: readonly string[], key: KeyObject): Promise<string> {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new Failure(
      `the TLS key is ${key.asymmetricKeyType?.toUpperCase()}, and the box makes requests for RSA keys only`,
      'make the request with openssl req -new -key, as root',
    );
  }
  const { default: forge } = await import('node-forge');
  const privateKey = forge.pki.privateKeyFromPem(key.export({ type: 'pkcs1', format: 'pem' }) as string);
  const request = forge.pki.createCertificationRequest();
  request.publicKey = forge.pki.setRsaPublicKey(privateKey.n, privateKey.e);
  // X.520: a common name holds no more.
  const [first = ''] = names;
  request.setSubject(first.length <= 64 ? [{ name: 'commonName', value: first }] : []);
  const altNames = names.map((value) => ({ type: 2, value }));
  request.setAttributes([{ name: 'extensionRequest', extensions: [{ name: 'subjectAltName', altNames }] }]);
  request.sign(privateKey, forge.md.sha256.create());
  return forge.pki.certificationRequestToPem(request).replace(/\r\n/g, '\n');
}
