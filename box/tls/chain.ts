/** Reads a certificate with its chain as its owner brings it, and says what is wrong with it. Pure. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { Failure } from '../failure.ts';
import { isSelfSigned } from './certificate.ts';

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
  if (/-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(pem))
    throw new Failure('there is a private key in the file', 'take it out: the box has its own, and keeps it');
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
  if (own.checkHost(hostname) === undefined) {
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
