/** The mail that carries a report (RFC 7489, section 7.2.1.1; RFC 8460, section 5.3). Pure. */
import { reportAddress } from '../../mail/report-address.ts';
import type { About } from './feedback.ts';
import type { Kind } from './journal.ts';

/** What differs between the two. */
const forms = {
  dmarc: {
    what: 'how mail in the name of',
    head: () => [],
    multipart: (boundary: string) => `multipart/mixed; boundary="${boundary}"`,
    type: 'application/gzip',
    ending: 'xml.gz',
  },
  tls: {
    what: 'how connections could be encrypted with mail for',
    head: ({ domain, hostname }: About) => [
      `TLS-Report-Domain: ${domain}`,
      `TLS-Report-Submitter: ${hostname}`,
      // RFC 8460, section 3: it is to arrive although encryption fails (RFC 8689).
      'TLS-Required: No',
    ],
    multipart: (boundary: string) => `multipart/report; report-type="tlsrpt";\n boundary="${boundary}"`,
    type: 'application/tlsrpt+gzip',
    ending: 'json.gz',
  },
} as const;

export function reportMail(
  kind: Kind,
  about: About,
  receivers: readonly string[],
  packed: Buffer,
  now: Date,
): string {
  const { hostname, domain, id, begin, end } = about;
  const { what, head, multipart, type, ending } = forms[kind];
  const boundary = `report-${id}`;
  const name = `${hostname}!${domain}!${begin}!${end}.${ending}`;
  const day = new Date(begin * 1000).toISOString().slice(0, 10);
  return [
    `From: "${hostname}" <${reportAddress(hostname)}>`,
    `To: ${receivers.join(',\n ')}`,
    `Subject: Report Domain: ${domain}\n Submitter: ${hostname}\n Report-ID: <${id}@${hostname}>`,
    `Date: ${now.toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@${hostname}>`,
    // No automatic answer to it (RFC 3834).
    'Auto-Submitted: auto-generated',
    ...head(about),
    'MIME-Version: 1.0',
    `Content-Type: ${multipart(boundary)}`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    `This is a report of the mail server ${hostname}, made by a program: ${what}`,
    `${domain} fared there on ${day} (UTC). The DNS records of the domain ask for it.`,
    '',
    `--${boundary}`,
    `Content-Type: ${type};\n name="${name}"`,
    'Content-Transfer-Encoding: base64',
    `Content-Disposition: attachment;\n filename="${name}"`,
    '',
    (packed.toString('base64').match(/.{1,76}/g) ?? []).join('\n'),
    `--${boundary}--`,
    '',
  ].join('\n');
}
