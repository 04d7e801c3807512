/** Both reports against their schemas, and read again by the box's own reader. */
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { encryptionOf, nothingApplied } from '../../../../../box/reports/sending/encryption.ts';
import { feedbackOf } from '../../../../../box/reports/sending/feedback.ts';
import { reportMail } from '../../../../../box/reports/sending/mail.ts';
import type { Mails, Sessions } from '../../../../../box/reports/sending/tally.ts';
import { reportsIn } from '../../../../../box/reports/take.ts';
import { faultsOfFeedback, readTlsTold } from './schemas.ts';

const begin = Date.parse('2026-11-23T00:00:00Z') / 1000;
const about = {
  hostname: 'mx.other.example',
  domain: 'sender.example',
  id: '2026-11-23.dmarc.0123456789abcdef',
  begin,
  end: begin + 86_399,
};
const now = new Date('2026-11-24T04:00:00Z');

const row: Mails['rows'][number] = {
  address: '198.51.100.7',
  from: 'sender.example',
  envelope: 'bounces.sender.example',
  fate: 'none',
  local: false,
  dkim: true,
  spf: true,
  signatures: [{ domain: 'sender.example', selector: 's1', result: 'pass' }],
  spfResult: 'pass',
  count: 7,
};
const mails: Mails = {
  policy: { p: 'reject', sp: 'none', adkim: 's', aspf: 'r', pct: 50 },
  rows: [
    row,
    {
      ...row,
      address: '2001:db8::7',
      envelope: '',
      fate: 'quarantine',
      local: true,
      dkim: false,
      spf: false,
      signatures: [],
      spfResult: 'none',
      count: 2,
    },
  ],
};

test('a report on mail is valid by the schema of RFC 7489', async (t) => {
  const xml = feedbackOf(about, mails, '1:d');
  t.deepEqual(await faultsOfFeedback(xml), []);
  t.true(xml.includes('<reason>\n          <type>local_policy</type>'), xml);
  // The look itself looks.
  t.not((await faultsOfFeedback(xml.replace('<sp>none</sp>', '<sp>all</sp>'))).length, 0);
});

test('whatever stood in a report would be text in it, and nothing else', async (t) => {
  const xml = feedbackOf({ ...about, domain: `a"'&<b>\u0000\ud800` }, mails, '0');
  t.true(xml.includes('<domain>a&quot;&apos;&amp;&lt;b&gt;  </domain>'), xml);
  t.deepEqual(await faultsOfFeedback(xml), []);
});

test('its mail has the form of RFC 7489, and the box reads what it wrote', async (t) => {
  const packed = gzipSync(feedbackOf(about, mails, '0'));
  const mail = reportMail('dmarc', about, ['dmarc@sender.example', 'b@reports.example'], packed, now);
  const [head = ''] = mail.split('\n\n');
  t.is(
    head,
    `From: "mx.other.example" <mail-reports@mx.other.example>
To: dmarc@sender.example,
 b@reports.example
Subject: Report Domain: sender.example
 Submitter: mx.other.example
 Report-ID: <2026-11-23.dmarc.0123456789abcdef@mx.other.example>
Date: Tue, 24 Nov 2026 04:00:00 +0000
Message-ID: <2026-11-23.dmarc.0123456789abcdef@mx.other.example>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="report-2026-11-23.dmarc.0123456789abcdef"`,
  );
  t.true(mail.includes(`filename="mx.other.example!sender.example!${begin}!${begin + 86_399}.xml.gz"`));
  t.true(mail.includes('Content-Type: application/gzip;'));
  t.true(mail.split('\n').every((line) => line.length < 200));
  const { reports, left } = await reportsIn(Buffer.from(mail), 'box.example.com', now.getTime() / 1000);
  t.deepEqual(left, []);
  t.like(reports[0], { kind: 'dmarc', org: 'mx.other.example', domain: 'sender.example', begin });
  t.deepEqual(reports[0]?.kind === 'dmarc' && reports[0].rows, [
    { address: '198.51.100.7', from: 'sender.example', count: 7, fate: 'none', aligned: true },
    { address: '2001:db8::7', from: 'sender.example', count: 2, fate: 'quarantine', aligned: false },
  ]);
  // It comes back where it could not be delivered.
  const back = await reportsIn(Buffer.from(mail), about.hostname, now.getTime() / 1000);
  t.deepEqual(back, { reports: [], left: ['one of this box’s own'] });
});

const sessions: Sessions = {
  verified: 5,
  trusted: 2,
  untrusted: 1,
  clear: 3,
  failures: [
    { type: 'certificate-expired', mx: 'mx.sender.example', address: '192.0.2.9', count: 4 },
    { type: 'dane-required', mx: '', address: '', count: 1 },
  ],
};
const ownAddress = (theirs: string) => (theirs.includes(':') ? undefined : '192.0.2.25');
const tls = { ...about, id: '2026-11-23.tls.0123456789abcdef' };
const sums = (json: string) =>
  readTlsTold(json).policies.map(({ policy, summary }) => [
    policy['policy-type'],
    summary['total-successful-session-count'],
    summary['total-failure-session-count'],
  ]);

test('a report on encryption is valid by RFC 8460, and what counts as well depends on the policy', (t) => {
  const of = (applied: Parameters<typeof encryptionOf>[2]) =>
    encryptionOf(tls, sessions, applied, ownAddress);
  const sts = {
    type: 'sts',
    lines: ['version: STSv1'],
    servers: ['mx.sender.example'],
    isTested: false,
  } as const;
  t.deepEqual(sums(of(nothingApplied)), [['no-policy-found', 8, 8]]);
  t.deepEqual(sums(of({ ...nothingApplied, type: 'tlsa', lines: ['3 1 1 abcd'] })), [
    ['tlsa', 5, 5],
    ['no-policy-found', 3, 3],
  ]);
  t.deepEqual(sums(of(sts)), [
    ['sts', 5, 5],
    ['no-policy-found', 3, 3],
  ]);
  // Who only tests wants to know what would fail.
  t.deepEqual(sums(of({ ...sts, isTested: true })), [['sts', 7, 9]]);
  const told = readTlsTold(of(sts));
  t.like(told, {
    'organization-name': 'mx.other.example',
    'date-range': { 'start-datetime': '2026-11-23T00:00:00Z', 'end-datetime': '2026-11-23T23:59:59Z' },
  });
  t.deepEqual(told.policies[0]?.['failure-details']?.[0], {
    'result-type': 'certificate-expired',
    'sending-mta-ip': '192.0.2.25',
    'receiving-mx-hostname': 'mx.sender.example',
    'receiving-ip': '192.0.2.9',
    'failed-session-count': 4,
  });
});

test('its mail has the form of RFC 8460, and the box reads what it wrote', async (t) => {
  const packed = gzipSync(encryptionOf(tls, sessions, nothingApplied, ownAddress));
  const mail = reportMail('tls', tls, ['tls@sender.example'], packed, now);
  for (const line of [
    'TLS-Report-Domain: sender.example',
    'TLS-Report-Submitter: mx.other.example',
    'TLS-Required: No',
    'Content-Type: multipart/report; report-type="tlsrpt";',
    'Content-Type: application/tlsrpt+gzip;',
  ])
    t.true(mail.split('\n').includes(line), line);
  const { reports, left } = await reportsIn(Buffer.from(mail), 'box.example.com', now.getTime() / 1000);
  t.deepEqual(left, []);
  t.like(reports[0], { kind: 'tls', org: 'mx.other.example' });
  t.like(reports[0]?.kind === 'tls' && reports[0].policies[0], {
    domain: 'sender.example',
    ok: 8,
    failed: 8,
  });
});
