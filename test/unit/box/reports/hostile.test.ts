/** What strangers may send in place of a report: nothing of it is kept, nothing ends the program, and memory stays what it was. */
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { limits } from '../../../../box/reports/limits.ts';
import { reportsIn } from '../../../../box/reports/take.ts';
import { alone, feedback, google, mixed, now, tlsReport, zip } from './samples.ts';

const take = async (mail: Buffer) => reportsIn(mail, 'box.example.com', now);
const file = async (bytes: Buffer | string) =>
  take(mixed([{ type: 'application/octet-stream', name: 'a', bytes }]));

const megabyte = 1_048_576;
const head = feedback().slice(0, feedback().indexOf('<record>'));
const inDoctype = (subset: string) => feedback().replace('?>', `?><!DOCTYPE feedback [${subset}]>`);
const laughs = Array.from(
  { length: 20 },
  (_, i) => `<!ENTITY l${i + 1} "&l${i};&l${i};&l${i};&l${i};">`,
).join('');

const hostile: Readonly<Record<string, readonly [() => Buffer | string, RegExp]>> = {
  'a bomb of 100 MB in gzip': [() => gzipSync(head + ' '.repeat(100 * megabyte)), /too much is packed/],
  'a bomb of 100 MB in zip': [() => zip({ a: head + ' '.repeat(100 * megabyte) }), /too much is packed/],
  'a bomb that says it is small': [() => zip({ a: head + ' '.repeat(40 * megabyte) }, 100), /archive/],
  'a bomb within one value': [
    () => gzipSync(`<feedback><a>${'x'.repeat(40 * megabyte)}`),
    /too much is packed/,
  ],
  'a bomb within one name': [() => gzipSync(`<feedback><${'x'.repeat(40 * megabyte)}`), /too much is packed/],
  'a bomb in JSON': [() => gzipSync(`{"a":"${'x'.repeat(40 * megabyte)}"}`), /too long/],
  'gzip in gzip': [() => gzipSync(gzipSync(google)), /neither XML nor JSON/],
  'files whose names lead elsewhere': [() => zip({ '../../etc/passwd': google }), /archive/],
  'an external entity': [
    () => inDoctype('<!ENTITY x SYSTEM "file:///etc/passwd">').replace('google.com', '&x;'),
    /document type/,
  ],
  'a document type elsewhere': [
    () => feedback().replace('?>', '?><!DOCTYPE feedback SYSTEM "http://192.0.2.1/x.dtd">'),
    /document type/,
  ],
  'a billion laughs': [
    () => inDoctype(`<!ENTITY l0 "ha">${laughs}`).replace('google.com', '&l20;'),
    /document type/,
  ],
  'an entity of its own': [() => feedback({ org: '&x;' }), /no XML/],
  'elements without end': [() => gzipSync('<feedback>'.repeat(megabyte)), /too deep/],
  'records without end': [
    () => gzipSync(`${head}${'<record></record>'.repeat(limits.records + 1)}`),
    /too many records/,
  ],
  'a report cut short': [() => google.slice(0, 900), /no XML/],
  'gzip cut short': [() => gzipSync(google).subarray(0, 200), /damaged/],
  'zip cut short': [() => zip({ a: google }).subarray(0, 200), /damaged/],
  'gzip with a wrong sum': [
    () => {
      const bytes = gzipSync(google);
      bytes[bytes.length - 6] = 0x55 ^ (bytes[bytes.length - 6] ?? 0);
      return bytes;
    },
    /damaged/,
  ],
  'another root': [() => '<html><feedback/></html>', /root/],
  'an empty file': [() => gzipSync(''), /empty|neither/],
  'no organisation': [() => feedback({ org: ' ' }), /who tells it/],
  'no identity': [() => feedback({ id: '' }), /who tells it/],
  'no domain': [() => feedback().replace('<domain>example.com</domain>', ''), /who tells it/],
  'a domain that is none': [
    () => feedback().replace('<domain>example.com', '<domain>a b/../c'),
    /who tells it/,
  ],
  'no times': [() => feedback({ begin: '', end: '' }), /times/],
  'times far away': [() => feedback({ begin: 99_999_999_999, end: 99_999_999_999 }), /times/],
  'times before there were reports': [() => feedback({ begin: 0, end: 0 }), /times/],
  'times back to front': [() => feedback({ begin: now, end: now - 9 }), /times/],
  'times that are no numbers': [() => feedback({ begin: '1e9', end: '-1' }), /times/],
  'a year in one report': [() => feedback({ begin: now - 86_400 * 80, end: now }), /times/],
  'JSON that is none': [() => '{', /no JSON/],
  'JSON without end': [() => `{"a":${'['.repeat(megabyte)}`, /no JSON/],
  'JSON of something else': [() => '{"a":1}', /no report/],
  'no policies': [() => tlsReport({ policies: [] }), /no report: policies/],
  'numbers that are none': [
    () =>
      tlsReport().replace('"total-successful-session-count":120', '"total-successful-session-count":-1e300'),
    /no report: policies/,
  ],
  'a time that is none': [
    () => tlsReport({ 'date-range': { 'start-datetime': 'x', 'end-datetime': 'y' } }),
    /times/,
  ],
  'bytes of any kind': [() => Buffer.alloc(megabyte, 0xff), /neither XML nor JSON/],
};

for (const [what, [make, why]] of Object.entries(hostile))
  test.serial(`${what}: nothing is kept, and no more memory is held than a mail may be long`, async (t) => {
    const bytes = make();
    const before = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => {
      const { heapUsed, external } = process.memoryUsage();
      most = Math.max(most, heapUsed + external);
    }, 5);
    const { reports, left } = await file(bytes);
    clearInterval(watch);
    t.deepEqual(reports, []);
    t.regex(left.join('\n'), why);
    t.true(most - before.heapUsed - before.external < 200 * megabyte, `${Math.round(most / megabyte)} MB`);
  });

test('numbers and words are of a length that can be kept, and hold nothing that a terminal obeys', async (t) => {
  const rows = Array.from(
    { length: 3000 },
    (_, i) =>
      `<record><row><source_ip>2001:db8::${i.toString(16)}</source_ip><count>${i + 1}</count></row></record>`,
  );
  const org = `a&#x9b;31m&#x202e;\tb${'x'.repeat(5000)}`;
  const { reports } = await file(feedback({ org, records: rows.join('') }));
  const [report] = reports;
  t.true(report?.kind === 'dmarc' && report.rows.length === limits.rows);
  t.like(report, { left: { rows: 2900, mails: (2900 * 2901) / 2 } });
  t.regex(report?.org ?? '', /^a 31m bx{91,93}$/);
  t.true(JSON.stringify(report).length < 20_000);
});

test.serial('mails that are no mails, or have nothing in them, are left', async (t) => {
  const nested = (depth: number) => {
    let mail = 'Content-Type: text/plain\r\n\r\nx';
    for (let i = 0; i < depth; i++)
      mail = `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n${mail}\r\n--b${i}--\r\n`;
    return mail;
  };
  for (const mail of [
    '',
    'x',
    '\0'.repeat(1000),
    'Subject: x\r\n\r\nHello',
    nested(500),
    `A: ${'x'.repeat(9 * megabyte)}`,
  ]) {
    const { reports, left } = await take(Buffer.from(mail));
    t.deepEqual(reports, []);
    t.is(left.length, 1);
  }
  const many = Array.from({ length: 300 }, () => ({ type: 'application/xml', name: 'a', bytes: '<a/>' }));
  t.is((await take(mixed(many))).left.length, limits.parts);
});

test.serial('of an archive with many files the first are read, and no more', async (t) => {
  const files = Array.from({ length: 2000 }, (_, i) => [`${i}`, feedback({ id: `${i}` })] as const);
  const { reports, left } = await file(zip(Object.fromEntries(files)));
  t.is(reports.length, limits.files);
  t.deepEqual(left, ['an archive with too many files']);
});

test.serial('what all parts of a mail unpack to together has one limit', async (t) => {
  const bytes = gzipSync(`${feedback().replace('</feedback>', '')}${' '.repeat(20 * megabyte)}</feedback>`);
  const { reports, left } = await take(
    mixed([1, 2, 3, 4].map((n) => ({ type: 'application/gzip', name: `${n}`, bytes }))),
  );
  t.is(reports.length, 1);
  t.deepEqual(left, ['too much is packed in it']);
});

test.serial('a mail as long as one may be, of text or of markup alone, is read in seconds', async (t) => {
  for (const type of ['text/html', 'application/xml']) {
    const body = '<a href="x">&nbsp;<br'.repeat(Math.floor(limits.mail / 21));
    const begun = process.cpuUsage();
    const mail = Buffer.from(`Content-Type: ${type}\r\n\r\n${body}`);
    t.deepEqual((await take(mail)).reports, []);
    t.true(process.cpuUsage(begun).user < 20e6, `${type}: ${process.cpuUsage(begun).user / 1e6} s`);
  }
  t.deepEqual(
    (await take(alone({ type: 'application/zip', bytes: Buffer.alloc(10 * megabyte, 'PK\x03\x04') })))
      .reports,
    [],
  );
});
