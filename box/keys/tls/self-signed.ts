/** Issues the box's own certificate: SHA-256, for one host name, signed with its own key. */
import { createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';

const day = 86_400_000;

/** A clock that is behind, here or at the client, must not make the certificate "not yet valid". */
const backdatedDays = 2;
/**
 * Apple's systems refuse a TLS certificate of more than 825 days; shorter would only mean that people have to
 * verify a new fingerprint more often.
 */
const wholeDays = 800;
/** X.520: a common name holds no more. */
const commonNameLength = 64;

export async function issueSelfSigned(hostname: string, key: KeyObject, now: Date): Promise<string> {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new Failure(
      `the TLS key is ${key.asymmetricKeyType?.toUpperCase()}, and the box signs certificates with RSA keys only`,
      'install a certificate for this key, or move the key away and reboot',
    );
  }
  // Loaded only when a certificate is due: an unchanged boot starts faster without it.
  const { default: forge } = await import('node-forge');
  const certificate = forge.pki.createCertificate();
  certificate.publicKey = forge.pki.publicKeyFromPem(
    createPublicKey(key).export({ type: 'spki', format: 'pem' }) as string,
  );
  certificate.serialNumber = serialNumber();
  certificate.validity.notBefore = new Date(now.getTime() - backdatedDays * day);
  certificate.validity.notAfter = new Date(now.getTime() + (wholeDays - backdatedDays) * day);
  const named = hostname.length <= commonNameLength;
  const subject = named ? [{ name: 'commonName', value: hostname }] : [];
  certificate.setSubject(subject);
  certificate.setIssuer(subject);
  certificate.setExtensions([
    { name: 'basicConstraints', cA: false, critical: true },
    { name: 'keyUsage', digitalSignature: true, keyEncipherment: true, critical: true },
    { name: 'extKeyUsage', serverAuth: true },
    { name: 'subjectAltName', altNames: [{ type: 2, value: hostname }], critical: !named },
    { name: 'subjectKeyIdentifier' },
  ]);
  // OpenSSL signs: faster than forge's own arithmetic, and the key stays in the hands of what is made for keys.
  const signer = {
    sign: () => {
      const signed = forge.asn1
        .toDer(certificate.tbsCertificate as import('node-forge').asn1.Asn1)
        .getBytes();
      return sign('sha256', Buffer.from(signed, 'latin1'), key).toString('latin1');
    },
  };
  certificate.sign(signer as unknown as import('node-forge').pki.rsa.PrivateKey, forge.md.sha256.create());
  return forge.pki.certificateToPem(certificate).replace(/\r\n/g, '\n');
}

/** 126 random bits in 128: positive, and of a fixed length. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40;
  return bytes.toString('hex');
}
