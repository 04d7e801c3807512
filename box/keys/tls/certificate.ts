/** Reads the box's certificate and judges whether it still serves. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { isDamaged } from './private-key.ts';

const day = 86_400_000;

/**
 * Under this many days a self-signed certificate is issued anew at boot, while there is still time to tell
 * people the new fingerprint.
 */
export const renewalDays = 30;

/** The certificate that the daemons serve: the first of the file. Undefined where there is none. */
export async function readCertificate(machine: Machine): Promise<X509Certificate | undefined> {
  const pem = await machine.read(paths.certificate);
  if (pem === undefined || isDamaged(pem)) return undefined;
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

export type Verdict =
  | { readonly state: 'good' }
  /** A self-signed certificate stands in its place, or none: the box issues one. */
  | { readonly state: 'issue'; readonly why: string }
  /** Somebody installed it: the box doesn't touch it, and says what is wrong. */
  | { readonly state: 'wrong'; readonly why: string };

/** What to do about a certificate. Its not-before is not judged: the clock may be behind at boot (see `clock-was-ahead.ts`). */
export function judge(
  certificate: X509Certificate | undefined,
  key: KeyObject,
  hostname: string,
  now: Date,
): Verdict {
  if (certificate === undefined) return { state: 'issue', why: 'there is no certificate' };
  const issueOrWrong = isSelfSigned(certificate) ? 'issue' : 'wrong';
  if (!certificate.checkPrivateKey(key)) {
    return { state: issueOrWrong, why: 'the certificate does not belong to the private key' };
  }
  if (issueOrWrong === 'wrong') return { state: 'good' };
  if (!covers(certificate, hostname)) return { state: 'issue', why: `it is not for ${hostname}` };
  if (daysLeft(certificate, now) < renewalDays) return { state: 'issue', why: 'it expires' };
  return { state: 'good' };
}

/**
 * Whether it is for this host name: one of its alternative names is. Its subject counts where it has none at all, as programs that
 * verify take it; Node.js before 18 let it count always.
 */
export function covers(certificate: X509Certificate, hostname: string): boolean {
  return certificate.checkHost(hostname, { subject: 'default' }) !== undefined;
}

export function isSelfSigned(certificate: X509Certificate): boolean {
  return certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey);
}

export function daysLeft(certificate: X509Certificate, now: Date): number {
  return Math.floor((Date.parse(certificate.validTo) - now.getTime()) / day);
}
