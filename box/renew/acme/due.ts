/** When the authority is asked: what makes a new certificate due, and how long a failure keeps the box from asking again. Pure. */
import type { X509Certificate } from 'node:crypto';
import { covers, daysLeft, isSelfSigned, renewalDays } from '../../keys/tls/certificate.ts';
import type { AcmeState } from './state.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** What remains of a certificate when it is renewed: thirty days, or a third of a life that is shorter. */
export function renewalTime(certificate: X509Certificate): Date {
  const [from, to] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  return new Date(to - Math.min(renewalDays * day, (to - from) / 3));
}

/**
 * Whether people are to be told that a certificate ends: thirty days before, or, where the box renews it by itself, when a
 * third of the time for that has passed in vain.
 */
export function endsSoon(certificate: X509Certificate, state: AcmeState, now: Date): boolean {
  if (state.issued !== certificate.fingerprint256) return daysLeft(certificate, now) < renewalDays;
  const [from, to] = [renewalTime(certificate).getTime(), Date.parse(certificate.validTo)];
  return now.getTime() > from + (to - from) / 3;
}

/** Why a certificate is to be asked for; undefined: the one that is served will do. */
export function whyDue(
  certificate: X509Certificate | undefined,
  { names, now, state }: { names: readonly string[]; now: Date; state: AcmeState },
): string | undefined {
  if (certificate === undefined) return 'there is no certificate';
  if (isSelfSigned(certificate)) return 'the certificate is self-signed';
  if (renewalTime(certificate) <= now) return `the certificate ends on ${certificate.validTo}`;
  // One that the owner brought stays as it is until it ends.
  if (state.issued !== certificate.fingerprint256) return undefined;
  const missing = names.filter((name) => !covers(certificate, name));
  return missing.length === 0 ? undefined : `it is not for ${missing.join(', ')}`;
}

/**
 * The next try that the timer may make. Let's Encrypt allows five failed proofs of a name an hour: whoever runs the
 * command by hand, having mended something, waits for a quarter of an hour.
 */
export function nextTry({ failures, tried }: AcmeState, byHand: boolean, now: Date): Date | undefined {
  if (failures === 0 || tried === undefined) return undefined;
  // By a clock that was ahead: when it was, nobody knows.
  if (Date.parse(tried) > now.getTime()) return undefined;
  const wait = byHand ? 15 * minute : Math.min(12 * hour * 2 ** (failures - 1), 4 * day);
  return new Date(Date.parse(tried) + wait);
}
