/** What is kept of reports, and what is shown of it: by the command that Postfix runs, the one that people run, and the API. */
import { readdirSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import { limits } from '../../../../box/reports/limits.ts';
import { type DmarcReport, nameOf, type TlsReport } from '../../../../box/reports/report.ts';
import { keep, kept } from '../../../../box/reports/store.ts';
import { summaryOf } from '../../../../box/reports/summary.ts';
import { connectionsText, mailsText } from '../../../../box/reports/words.ts';
import { TemporaryBox } from '../temporary-box.ts';
import { alone, google, microsoft, mixed, now, tlsReport, zip } from './samples.ts';

const folder = '/home/user-data/mail/reports';
const begin = Date.parse('2026-11-23T00:00:00Z') / 1000;

const dmarc = (changed: Partial<DmarcReport> = {}): DmarcReport => ({
  kind: 'dmarc',
  org: 'google.com',
  id: '1',
  begin,
  end: begin + 86_399,
  proven: true,
  domain: 'example.com',
  rows: [{ address: '198.51.100.9', from: 'example.com', count: 3, fate: 'reject', aligned: false }],
  left: { rows: 0, mails: 0 },
  ...changed,
});
const tls = (domain: string, changed: Partial<TlsReport> = {}): TlsReport => ({
  kind: 'tls',
  org: 'Google Inc.',
  id: '2',
  begin,
  end: begin + 86_399,
  proven: true,
  policies: [{ domain, ok: 9, failed: 1, reasons: [{ type: 'dane-required', count: 1 }] }],
  ...changed,
});
const known = { domains: ['example.com', 'box.example.com'], addresses: ['192.0.2.25'] };

/** What lies there beside the folder of mails that nobody took apart yet. */
const reportsOf = (box: TemporaryBox) => readdirSync(box.at(folder)).filter((name) => name !== 'new');

/** Gives the program a mail as its service does. */
async function give(box: TemporaryBox, mail: Buffer): Promise<number> {
  box.input = mail.toString('latin1');
  return box.box('reports', 'take');
}

test('a mail comes in by the service’s command, and `box reports` says in plain words what it told', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('reports'), 0);
  t.deepEqual(box.said, [
    'no reports since 2026-10-25; they come to mail-reports@box.example.com, once a day',
    'this box sends others the reports that they ask for; none has been due yet',
  ]);
  const sent = alone({ type: 'application/zip', name: 'a.zip', bytes: zip({ 'a.xml': google }) });
  for (const mail of [sent, sent]) t.is(await give(box, mail), 0);
  t.deepEqual(box.said, ['kept: dmarc of google.com, 1234567890123456789']);
  const parts = [
    { type: 'application/gzip', name: 'a.xml.gz', bytes: gzipSync(microsoft) },
    { type: 'application/tlsrpt+gzip', name: 'a.json.gz', bytes: gzipSync(tlsReport()) },
  ];
  const verdict = ['Authentication-Results: box.example.com; dmarc=pass header.from=reports.example'];
  t.is(await give(box, mixed(parts, undefined, verdict)), 0);
  t.is(reportsOf(box).length, 3);
  t.is(await box.box('reports'), 0);
  t.deepEqual(box.said, [
    '2026-11-23 42 mails in your name came from this box and were taken as yours (example.com; told by google.com)',
    '2026-11-23 5 mails in your name came from 198.51.100.9 and were refused (example.com; told by google.com)',
    '2026-11-23 1 mail in your name came from 2001:db8::7 and was put aside as spam (example.com; told by Enterprise Outlook)',
    '2026-11-23 3 of 123 connections with mail for example.com could not be encrypted as your records ask: the certificate has expired (told by Google Inc.)',
    '1 of 3 reports came by mail that does not prove whom it is from',
    'this box sends others the reports that they ask for; none has been due yet',
  ]);
  t.is(await box.box('reports', '--json', '--days', '400'), 0);
  t.like(JSON.parse(box.said.join('\n')), {
    reports: 3,
    days: [{ day: '2026-11-23', proven: 42, unproven: 6, encrypted: 120, failed: 3 }],
  });
  box.now = new Date('2026-12-30T12:00:00Z');
  t.is(await box.box('reports'), 0);
  t.is(box.said.length, 2);
  for (const days of ['0', '401', 'x']) t.is(await box.box('reports', '--days', days), 2);
});

test('what is no report, or too long, is left, and Postfix is never told to send a mail about it', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await give(box, Buffer.from('Subject: hello\r\n\r\nHow are you?')), 0);
  t.deepEqual(box.said, ['left: a mail with nothing in it but text']);
  t.is(await give(box, Buffer.alloc(limits.mail + 1, 'x')), 0);
  t.deepEqual(box.said, ['left: a mail that is too long']);
  t.is(await give(box, mixed([{ type: 'application/gzip', name: 'a', bytes: gzipSync('<x/>') }])), 0);
  t.deepEqual(box.said, ['left: its root is another one']);
  t.deepEqual(reportsOf(box), []);
});

test('reports are kept for 400 days, and no more than five thousand of them', async (t) => {
  const box = await TemporaryBox.booted(t);
  const old = dmarc({ begin: now - 401 * 86_400 });
  for (const report of [old, dmarc()]) box.write(`${folder}/${nameOf(report)}`, JSON.stringify(report));
  box.write(`${folder}/of-somebody`, '');
  for (let i = 0; i < limits.reports; i++)
    box.write(`${folder}/2026-11-22-dmarc-${i.toString(16).padStart(24, '0')}.json`, '{');
  await keep(box.machine, [tls('example.com')], now);
  const names = reportsOf(box);
  t.is(names.length, limits.reports + 1, 'and what is none of them stays');
  t.true(names.includes(nameOf(dmarc())) && names.includes(nameOf(tls('example.com'))));
  t.false(names.includes(nameOf(old)));
  // What can't be read is passed over.
  t.is((await kept(box.machine, '2026-11-01')).length, 2);
});

test('who took mails apart could write what is no report: nobody who reads it is led elsewhere', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write('/elsewhere', JSON.stringify(dmarc()));
  box.link(`${folder}/2026-11-23-dmarc-${'a'.repeat(24)}.json`, box.at('/elsewhere'));
  box.write(`${folder}/2026-11-23-dmarc-${'b'.repeat(24)}.json`, '{"kind":"dmarc","rows":[{}]}');
  t.is(await box.box('reports'), 0);
});

test('a report about a domain that is not the box’s is not shown; one below its domain is', (t) => {
  const shown = (...reports: Parameters<typeof summaryOf>[0]) => summaryOf(reports, known);
  t.is(shown(dmarc({ domain: 'elsewhere.example' }), tls('elsewhere.example')).reports, 0);
  t.is(shown(dmarc({ domain: 'notexample.com' })).reports, 0);
  t.is(shown(dmarc({ domain: 'news.example.com' })).mails.length, 1);
  const mixedPolicies = tls('example.com');
  const both = { ...mixedPolicies, policies: [...mixedPolicies.policies, ...tls('other.example').policies] };
  t.is(shown(both).connections.length, 1);
  t.like(shown(both).days[0], { encrypted: 9, failed: 1 });
});

test('what several tell of one sender and day is one row with all their names, the newest day first', (t) => {
  const later = dmarc({ id: '3', begin: begin + 86_400, end: begin + 2 * 86_400 });
  const { mails, days, unproven } = summaryOf(
    [dmarc(), dmarc({ org: 'Yahoo', proven: false }), later],
    known,
  );
  t.deepEqual(
    mails.map(({ day, mails: count, told_by }) => [day, count, told_by.join()]),
    [
      ['2026-11-24', 3, 'google.com'],
      ['2026-11-23', 6, 'Yahoo,google.com'],
    ],
  );
  t.deepEqual(
    days.map(({ day, unproven: count }) => [day, count]),
    [
      ['2026-11-23', 6],
      ['2026-11-24', 3],
    ],
  );
  t.is(unproven, 1);
});

test('each fate has its sentence, of one mail and of many', (t) => {
  const says = (mails: number, fate: Parameters<typeof mailsText>[0]['fate'], own = false) =>
    mailsText({ mails, fate, own, address: '198.51.100.9' });
  t.is(says(3, 'refused'), '3 mails in your name came from 198.51.100.9 and were refused');
  t.is(says(1, 'refused'), '1 mail in your name came from 198.51.100.9 and was refused');
  t.is(says(1, 'passed', true), '1 mail in your name came from this box and was taken as yours');
  t.is(
    says(2, 'taken'),
    '2 mails in your name came from 198.51.100.9 with no proof that they are yours, and were taken all the same',
  );
  t.is(
    says(1, 'taken'),
    '1 mail in your name came from 198.51.100.9 with no proof that it is yours, and was taken all the same',
  );
  t.is(says(2, 'quarantined'), '2 mails in your name came from 198.51.100.9 and were put aside as spam');
  t.is(
    connectionsText({ domain: 'example.com', encrypted: 1, failed: 0, reasons: [] }),
    '1 connection with mail for example.com was encrypted as your records ask',
  );
  t.is(
    connectionsText({
      domain: 'example.com',
      encrypted: 0,
      failed: 2,
      reasons: ['toString', 'dane-required'],
    }),
    '2 of 2 connections with mail for example.com could not be encrypted as your records ask: toString; no TLSA record was found (DANE)',
  );
});

test('an organisation’s report of its own invention does not take the place of another’s', (t) => {
  const names = [
    dmarc(),
    dmarc({ id: '2' }),
    dmarc({ org: 'x' }),
    dmarc({ domain: 'example.org' }),
    tls('example.com'),
  ];
  t.is(new Set(names.map(nameOf)).size, 5);
  t.is(nameOf(dmarc({ proven: false })), nameOf(dmarc()));
});
