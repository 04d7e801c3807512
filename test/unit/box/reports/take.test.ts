/** From the mails of several large senders to numbers. */
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { reportsIn } from '../../../../box/reports/take.ts';
import {
  alone,
  fastmail,
  feedback,
  google,
  microsoft,
  microsoftTls,
  mixed,
  now,
  tlsReport,
  yahoo,
  zip,
} from './samples.ts';

const take = async (mail: Buffer) => reportsIn(mail, 'box.example.com', now);
const words = { type: 'text/plain', bytes: 'This is a DMARC aggregate report for example.com.' };

test('a mail that is a zip and nothing else, as one sender makes it: rows of one sender and fate are added up', async (t) => {
  const name = 'google.com!example.com!1763856000!1763942399';
  const { reports, left } = await take(
    alone({ type: 'application/zip', name: `${name}.zip`, bytes: zip({ [`${name}.xml`]: google }) }),
  );
  t.deepEqual(left, []);
  const about = {
    kind: 'dmarc',
    org: 'google.com',
    id: '1234567890123456789',
    domain: 'example.com',
  } as const;
  t.deepEqual(reports, [
    {
      ...about,
      begin: 1_795_392_000,
      end: 1_795_478_399,
      proven: false,
      rows: [
        { address: '192.0.2.25', from: 'example.com', count: 42, fate: 'none', aligned: true },
        { address: '198.51.100.9', from: 'example.com', count: 5, fate: 'reject', aligned: false },
      ],
      left: { rows: 0, mails: 0 },
    },
  ]);
});

test('gzip beside a text, plain XML, other name spaces and few lines say the same to the box', async (t) => {
  const cases = [
    { xml: microsoft, type: 'application/gzip', name: 'a.xml.gz', org: 'Enterprise Outlook', counts: [1] },
    { xml: yahoo, type: 'application/x-gzip', name: 'b.xml.gz', org: 'Yahoo', counts: [7] },
    { xml: fastmail, type: 'application/octet-stream', name: 'c', org: 'Fastmail Pty Ltd', counts: [4] },
  ];
  for (const { xml, org, counts, ...part } of cases)
    for (const bytes of [gzipSync(xml), zip({ 'a.xml': xml }), xml, `\uFEFF${xml}`]) {
      const { reports, left } = await take(mixed([words, { ...part, bytes }]));
      t.deepEqual(left, [], org);
      t.deepEqual(
        reports.map((one) => one.kind === 'dmarc' && [one.org, one.rows.map(({ count }) => count)]),
        [[org, counts]],
      );
    }
  const { reports } = await take(mixed([words, { type: 'text/xml', name: 'd.xml', bytes: microsoft }]));
  t.like(reports[0], { rows: [{ address: '2001:db8::7', fate: 'quarantine', aligned: false }] });
});

test('reports of encryption come packed or plain, in a multipart/report', async (t) => {
  const tlsrpt = 'multipart/report; report-type="tlsrpt"';
  const packed = await take(
    mixed(
      [words, { type: 'application/tlsrpt+gzip', name: 'a.json.gz', bytes: gzipSync(tlsReport()) }],
      tlsrpt,
    ),
  );
  t.deepEqual(packed.left, []);
  t.deepEqual(packed.reports, [
    {
      kind: 'tls',
      org: 'Google Inc.',
      id: '2026-11-23T00:00:00Z_example.com',
      begin: 1_795_392_000,
      end: 1_795_478_399,
      proven: false,
      policies: [
        { domain: 'example.com', ok: 120, failed: 3, reasons: [{ type: 'certificate-expired', count: 3 }] },
      ],
    },
  ]);
  const plain = await take(
    mixed([words, { type: 'application/tlsrpt+json', name: 'a.json', bytes: microsoftTls }], tlsrpt),
  );
  t.like(plain.reports[0], { org: 'Microsoft Corporation', policies: [{ ok: 17, failed: 0, reasons: [] }] });
});

test('whom the box’s own verdict speaks for is proven; what others say of a verdict is not looked at', async (t) => {
  const part = { type: 'application/gzip', name: 'a.xml.gz', bytes: gzipSync(google) };
  const proven = async (verdict: string) =>
    (await take(mixed([part], undefined, [`Authentication-Results: ${verdict}`]))).reports[0]?.proven;
  t.true(await proven('box.example.com; dmarc=pass (p=none dis=none) header.from=reports.example'));
  t.false(await proven('box.example.com; dmarc=fail (p=none dis=none) header.from=reports.example'));
  t.false(await proven('elsewhere.example; dmarc=pass'));
});

test('two reports in one archive are two, and one that comes twice is one', async (t) => {
  const other = feedback({ id: 'another' });
  const bytes = zip({ 'a.xml': google, 'b.xml': other, 'c.xml': google });
  const { reports } = await take(alone({ type: 'application/zip', name: 'a.zip', bytes }));
  t.deepEqual(
    reports.map(({ id }) => id),
    ['1234567890123456789', 'another'],
  );
});

test('a record without an address or a number is left, and the rest counts', async (t) => {
  const records = ['<record/>', '<record><row><source_ip>x</source_ip><count>2</count></row></record>'];
  const good = '<record><row><source_ip>192.0.2.1</source_ip><count> 2 </count></row></record>';
  const bytes = feedback({ records: [...records, good].join('') });
  const { reports } = await take(mixed([{ type: 'text/xml', name: 'a.xml', bytes }]));
  t.like(reports[0], {
    rows: [{ address: '192.0.2.1', from: 'example.com', count: 2, fate: 'none', aligned: false }],
  });
});
