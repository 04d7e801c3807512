/** What reports say, in plain words. Pure. */
import type { ReportedConnections, ReportedMails } from '../../contract/api.ts';

const fates: Readonly<Record<ReportedMails['fate'], string>> = {
  passed: 'and were taken as yours',
  taken: 'with no proof that they are yours, and were taken all the same',
  quarantined: 'and were put aside as spam',
  refused: 'and were refused',
};

export function mailsText({
  mails,
  fate,
  address,
  own,
}: Pick<ReportedMails, 'mails' | 'fate' | 'address' | 'own'>): string {
  const what = mails === 1 ? '1 mail' : `${mails} mails`;
  const words = mails === 1 ? one(fates[fate]) : fates[fate];
  return `${what} in your name came from ${own ? 'this box' : address} ${words}`;
}

const one = (words: string) => words.replace('and were', 'and was').replace('that they are', 'that it is');

/** RFC 8460, section 4.3. */
const reasons: Readonly<Record<string, string>> = {
  'starttls-not-supported': 'no encryption was offered',
  'certificate-host-mismatch': 'the certificate is for another name',
  'certificate-expired': 'the certificate has expired',
  'certificate-not-trusted': 'the certificate is of no authority that they trust',
  'validation-failure': 'the certificate was not accepted',
  'tlsa-invalid': 'the TLSA record is wrong (DANE)',
  'dnssec-invalid': 'the DNSSEC signatures are wrong',
  'dane-required': 'no TLSA record was found (DANE)',
  'sts-policy-fetch-error': 'the MTA-STS policy could not be fetched',
  'sts-policy-invalid': 'the MTA-STS policy is wrong',
  'sts-webpki-invalid': 'the certificate of the MTA-STS policy’s host is wrong',
};

export function connectionsText({
  domain,
  encrypted,
  failed,
  reasons: types,
}: Pick<ReportedConnections, 'domain' | 'encrypted' | 'failed' | 'reasons'>): string {
  const all = encrypted + failed;
  const connections = (n: number) => (n === 1 ? '1 connection' : `${n} connections`);
  if (failed === 0)
    return `${connections(all)} with mail for ${domain} ${all === 1 ? 'was' : 'were'} encrypted as your records ask`;
  const why = types.map((type) => (Object.hasOwn(reasons, type) ? reasons[type] : type)).join('; ');
  return `${failed} of ${connections(all)} with mail for ${domain} could not be encrypted as your records ask${why === '' ? '' : `: ${why}`}`;
}
