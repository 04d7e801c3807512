/** Reads a certificate with its chain as its owner brings it, and says what is wrong with it. Pure. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';
import { covers, isSelfSigned } from './certificate.ts';

const again = 'take the files that the authority sent: first the certificate, then each issuer, in one file';

/** What it must fit. */
export interface Place {
  readonly key: KeyObject;
  readonly hostname: string;
  readonly now: Date;
}

/**
 * The certificates of a PEM text, the box's own first, each followed by its issuer; a root at the end is left out.
 * @throws Failure with the first thing that is wrong. Whether a trusted authority stands behind it is not looked at.
 */
export function readChain(
  pem: string,
  { key, hostname, now }: Place,
): [X509Certificate, ...X509Certificate[]] {
  refuseOthers(pem);
  const certificates = certificatesOf(pem).map(parsed);
  const [own, ...issuers] = certificates;
  if (own === undefined) throw new Failure('there is no certificate in the file (PEM)', again);
  if (!own.checkPrivateKey(key)) {
    const place = certificates.findIndex((certificate) => certificate.checkPrivateKey(key));
    if (place > 0)
      throw new Failure(`the box’s certificate must come first; it is number ${place + 1}`, again);
    throw new Failure('the certificate is not for the box’s key', 'have one issued for: box tls csr');
  }
  if (isSelfSigned(own))
    throw new Failure('the certificate is self-signed', 'the box makes such a one by itself');
  if (own.raw.includes(tlsFeature))
    throw new Failure(
      'the certificate demands a stapled OCSP answer (must-staple), which Postfix and Dovecot can’t give',
      'have one issued without it',
    );
  if (!covers(own, hostname)) {
    const names = own.subjectAltName?.replace(/DNS:/g, '') ?? 'nothing';
    throw new Failure(
      `the certificate is not for ${hostname}, but for ${names}`,
      'have one issued for: box tls csr',
    );
  }
  if (Date.parse(own.validTo) <= now.getTime())
    throw new Failure(`the certificate expired on ${own.validTo}`, 'have it renewed');
  if (Date.parse(own.validFrom) > now.getTime())
    throw new Failure(`the certificate is valid from ${own.validFrom} only`, 'is the clock right? see: date');
  let last = own;
  for (const [i, issuer] of issuers.entries()) {
    if (!last.checkIssued(issuer) || !last.verify(issuer.publicKey)) {
      throw new Failure(
        `certificate ${i + 2} (${nameOf(issuer)}) did not issue the one before it (${nameOf(last)})`,
        again,
      );
    }
    if (Date.parse(issuer.validTo) <= now.getTime())
      throw new Failure(`certificate ${i + 2} (${nameOf(issuer)}) expired on ${issuer.validTo}`, again);
    last = issuer;
  }
  // Who trusts the root has it; who doesn't, is not convinced by getting it.
  return [own, ...issuers.filter((issuer) => !isSelfSigned(issuer))];
}

/** Each certificate of a PEM text. */
export function certificatesOf(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
}

/** What else people have in PEM, by its label (RFC 7468), and what becomes a certificate of it. */
const labels: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  'CERTIFICATE REQUEST': ['a signing request', 'send it to the authority, and take what it sends back'],
  'NEW CERTIFICATE REQUEST': ['a signing request', 'send it to the authority, and take what it sends back'],
  PKCS7: ['a bundle (PKCS #7)', 'make certificates of it: openssl pkcs7 -print_certs -in FILE'],
  CMS: ['a bundle (PKCS #7)', 'make certificates of it: openssl pkcs7 -print_certs -in FILE'],
  'TRUSTED CERTIFICATE': [
    'a certificate with OpenSSL’s own marks of trust',
    'make a plain one of it: openssl x509 -in FILE',
  ],
  'X509 CERTIFICATE': ['a certificate with a label of old', 'make a plain one of it: openssl x509 -in FILE'],
  'X509 CRL': ['a list of revoked certificates', 'leave it out'],
  'DH PARAMETERS': ['parameters of a key exchange', 'leave them out'],
  'EC PARAMETERS': ['parameters of a key', 'leave them out'],
  'PUBLIC KEY': ['a public key', 'leave it out'],
  'RSA PUBLIC KEY': ['a public key', 'leave it out'],
  'OPENSSH PUBLIC KEY': ['a public key of ssh', 'leave it out'],
};

/** @throws Failure naming the first thing that is no certificate, and what to do; nothing of what it holds is told */
function refuseOthers(pem: string): void {
  // However it is written: somebody else may have it by now.
  if (/BEGIN[\w\s]{0,40}PRIVATE\s+KEY|PuTTY-User-Key-File/i.test(pem))
    throw new Failure(
      'there is a private key in the file; it is not kept',
      'take it out: the box has its own, and keeps it; if anybody else can have seen it, have the certificate that was made for it revoked',
    );
  if (/&(gt|lt|#\d+|nbsp|quot);|<\/?(br|p|pre|div)\b/i.test(pem))
    throw new Failure('the text is HTML, not the certificate itself', again);
  if (/^0[\x80-\x84\ufffd]/.test(pem))
    throw new Failure(
      'the file is not text (DER or PKCS #12)',
      'make PEM of it: openssl x509 -inform DER -in FILE, or openssl pkcs12 -nokeys -in FILE',
    );
  const marks = [...pem.matchAll(/-{2,}\s*(BEGIN|END)\s+([^-\r\n]{1,60}?)\s*(?=--)/g)];
  for (const [i, [, , label = '']] of marks.entries()) {
    if (label === 'CERTIFICATE') continue;
    const [what, remedy] = labels[label] ?? ['something else', 'leave it out'];
    const safe = label.replace(/[^A-Za-z0-9 #.]/g, '?');
    throw new Failure(
      `there is ${what} in the file (BEGIN ${safe}, block ${Math.floor(i / 2) + 1}), where certificates are expected (BEGIN CERTIFICATE)`,
      remedy,
    );
  }
  const [begins, ends] = ['BEGIN', 'END'].map((mark) => marks.filter(([, which]) => which === mark).length);
  const whole = certificatesOf(pem).length;
  if (begins === ends && begins === whole) return;
  throw new Failure(
    begins === ends
      ? `block ${whole + 1} of the file is not written as PEM: five hyphens before BEGIN and END and behind, and base64 between`
      : 'a certificate of the file is cut off: each goes from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----',
    again,
  );
}

/** The extension of RFC 7633 by its object identifier, 1.3.6.1.5.5.7.1.24, as it stands in a certificate. */
const tlsFeature = Buffer.from('06082b06010505070118', 'hex');

function parsed(pem: string, index: number): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Failure(`certificate ${index + 1} of the file can’t be read`, again);
  }
}

export function nameOf({ subject }: X509Certificate): string {
  return subject?.split('\n').at(-1) ?? 'without a name';
}
