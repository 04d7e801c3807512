/** What is counted of the mail log, over rotations and cuts, and how samples become points of a chart. */
import { renameSync } from 'node:fs';
import test from 'ava';
import { lastEvents } from '../../../../box/health/samples/last-events.ts';
import { eventsOf } from '../../../../box/health/samples/mail-events.ts';
import { countOf } from '../../../../box/health/samples/mail-log.ts';
import { mostDays, readSamples, takeSample } from '../../../../box/health/samples/sample.ts';
import { inSteps } from '../../../../box/health/samples/steps.ts';
import type { Sample } from '../../../../contract/api.ts';
import { TemporaryBox } from '../temporary-box.ts';

const start = 'Nov 24 12:00:00 box ';
const lines: readonly (readonly [line: string, as: string | undefined])[] = [
  ['postfix/smtpd[1]: 4ABCdef: client=mx.example[192.0.2.1]', 'accepted'],
  ['postfix/submission/smtpd[1]: 4ABCdef: client=x[192.0.2.1], sasl_method=PLAIN', 'accepted'],
  ['postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 550 5.1.1 <a@b>: no; from=<c@d>', 'refused'],
  ['postfix/smtpd[1]: NOQUEUE: reject: RCPT from x[192.0.2.1]: 450 4.2.0 <a@b>: Greylisted; x', 'postponed'],
  ['postfix/cleanup[1]: 4ABC: milter-reject: END-OF-MESSAGE from x[1.2.3.4]: 5.7.1 rejected; x', 'refused'],
  ['postfix/lmtp[1]: 4ABC: to=<a@b>, relay=127.0.0.1, delay=1, dsn=2.0.0, status=sent (250 ok)', 'delivered'],
  ['postfix/smtp[1]: 4ABC: to=<a@b>, relay=none, dsn=4.4.1, status=deferred (timed out)', 'deferred'],
  ['postfix/smtp[1]: 4ABC: to=<a@b>, relay=x, dsn=5.1.1, status=bounced (no)', 'bounced'],
  ['postfix/qmgr[1]: 4ABC: from=<a@b>, size=1, nrcpt=1 (queue active)', undefined],
  ['dovecot: imap-login: user=<x postfix/smtpd[1]: 4ABC: client=>', undefined],
  ['postfix/smtpd[1]: warning: x postfix/smtpd[1]: 4ABC: client=', undefined],
  ['', undefined],
];

test('each kind of line counts as what it is, and a stranger’s words as nothing', (t) => {
  for (const [line, as] of lines) t.is(countOf(start + line), as as never, line);
});

const all = lines.map(([line]) => `${start}${line}\n`).join('');
const once = { accepted: 2, refused: 2, postponed: 1, delivered: 1, deferred: 1, bounced: 1 };

test('each line is counted once, over a rotation too', async (t) => {
  const box = await TemporaryBox.booted(t);
  const log = '/var/log/mail.log';
  let time = Date.parse('2026-11-24T12:00:00Z');
  box.answer = ([program]) => (program === 'df' ? { out: 'x\n/dev/sda 100 25 75 25% /\n' } : undefined);
  box.write('/proc/loadavg', '0.42 0.10 0.01 1/100 1234\n');
  box.write('/home/user-data/mail/queue/deferred/A/A123', '');
  box.write('/home/user-data/mail/queue/active/B456', '');
  const take = async (): Promise<Sample> => {
    time += 300_000;
    await takeSample(box.machine, new Date(time));
    return (await readSamples(box.machine, 1, new Date(time))).at(-1) as Sample;
  };
  t.like(await take(), { accepted: 0, load: 0.42, memory: 40, disk: 25, queue: 2 });
  box.write(log, `${all}${start}postfix/smtpd[1]: 4AB`);
  t.like(await take(), once);
  // The line that was half there.
  box.write(log, `${all}${start}postfix/smtpd[1]: 4ABC: client=x[192.0.2.1]\n`);
  t.like(await take(), { accepted: 1, delivered: 0 });
  box.write(log, `${box.read(log)}${all}`);
  renameSync(box.at(log), box.at(`${log}.1`));
  box.write(log, all);
  t.like(await take(), { accepted: 4, bounced: 2 });
  t.like(await take(), { accepted: 0, bounced: 0 });
  for (let day = 0; day < mostDays + 3; day++) {
    time += 86_400_000;
    await take();
  }
  const files = (await box.machine.list('/var/lib/box-keeper/samples')).filter((name) =>
    name.endsWith('.jsonl'),
  );
  t.is(files.length, mostDays);
  const last = `/var/lib/box-keeper/samples/${files.at(-1)}`;
  box.write(last, `${box.read(last)}{"time":`);
  t.is((await readSamples(box.machine, 2, new Date(time))).length, 2, 'a broken line is left out');
});

test('points add mail up and keep the most that waited', (t) => {
  const sample = (time: number, load: number, queue: number): Sample => ({
    ...once,
    time,
    load,
    queue,
    memory: 10,
    disk: 20,
  });
  t.deepEqual(inSteps([sample(600, 1, 5), sample(900, 2, 1), sample(1200, 3, 0)], 600), [
    {
      ...once,
      time: 600,
      load: 1.5,
      queue: 5,
      memory: 10,
      disk: 20,
      accepted: 4,
      refused: 4,
      postponed: 2,
      delivered: 2,
      deferred: 2,
      bounced: 2,
    },
    { ...once, time: 1200, load: 3, queue: 0, memory: 10, disk: 20 },
  ]);
});

test('the log tells of each mail who it was from and for, and what the other server said', (t) => {
  const log = [
    '2026-11-24T11:00:00.123456+00:00 box postfix/qmgr[1]: 4ABC: from=<me@here.example>, size=1, nrcpt=2 (queue active)',
    '2026-11-24T11:00:01.123456+00:00 box postfix/smtp[1]: 4ABC: to=<a@b.example>, orig_to=<x@here.example>, relay=mx.b.example[192.0.2.1]:25, delay=1, delays=0/0/0/0, dsn=2.0.0, status=sent (250 2.0.0 Ok (really))',
    '2026-11-24T11:00:02.123456+00:00 box postfix/smtp[1]: 4ABC: to=<c@d.example>, relay=none, delay=1, dsn=4.4.1, status=deferred (connect to d.example: timed out)',
    `${start}postfix/qmgr[1]: 4ABC: removed`,
    `${start}postfix/smtpd[1]: NOQUEUE: reject: RCPT from x.example[192.0.2.9]: 554 5.7.1 <a@b.example>: Relay access denied; from=<> to=<a@b.example> proto=ESMTP helo=<; from=<>`,
    `${start}postfix/cleanup[1]: 4ABC: milter-reject: END-OF-MESSAGE from x.example[192.0.2.9]: 5.7.1 rejected by DMARC policy; from=<p@q.example> to=<me@here.example> proto=ESMTP helo=<x>`,
    `${start}postfix/smtp[1]: 4ABC: to=<e@f.example>, relay=mx[192.0.2.2]:25, dsn=5.1.1, status=bounced (host said: 550 no)`,
    // A stranger's words look like none of Postfix's.
    `${start}postfix/smtpd[1]: warning: postfix/smtp[1]: 4ABC: to=<e@f.example>, relay=x, status=sent (250)`,
  ];
  const now = new Date('2026-11-25T00:00:00Z');
  const [sent, deferred, refused, milter, bounced, ...more] = eventsOf(log, now);
  t.deepEqual(more, []);
  const from = 'me@here.example';
  t.deepEqual(sent, {
    time: '2026-11-24T11:00:01.123Z',
    result: 'delivered',
    from,
    to: 'a@b.example',
    server: 'mx.b.example[192.0.2.1]:25',
    text: '250 2.0.0 Ok (really)',
  });
  t.like(deferred, { result: 'deferred', from, server: null });
  t.like(refused, { result: 'refused', from: '', to: 'a@b.example', server: 'x.example[192.0.2.9]' });
  t.is(refused?.text, '554 5.7.1 <a@b.example>: Relay access denied');
  t.like(milter, { result: 'refused', from: 'p@q.example', to: from });
  t.like(bounced, { result: 'bounced', from: null, text: 'host said: 550 no' });
  // In December a line of last year is none of this one's.
  t.is(eventsOf(log, new Date(2027, 0, 2))[2]?.time, new Date(2026, 10, 24, 12).toISOString());
});

test('the last mails are found over a rotation, the newest first, and by a word', async (t) => {
  const box = await TemporaryBox.booted(t);
  const line = (to: string) =>
    `${start}postfix/smtp[1]: 4ABC: to=<${to}>, relay=mx[192.0.2.2]:25, dsn=2.0.0, status=sent (250 ok)\n`;
  const found = async (about: string) =>
    (await lastEvents(box.machine, about, new Date('2026-11-25T00:00:00Z'))).map(({ to }) => to);
  t.deepEqual(await found(''), []);
  box.write('/var/log/mail.log', `${line('b@x.example')}${line('c@y.example')}${start}postfix/smtp[1]: 4AB`);
  box.write('/var/log/mail.log.1', line('a@x.example'));
  t.deepEqual(await found(''), ['c@y.example', 'b@x.example', 'a@x.example']);
  t.deepEqual(await found('@X.'), ['b@x.example', 'a@x.example']);
  // Of a long log its end alone, and no half line.
  box.write('/var/log/mail.log', line('many@x.example').repeat(60_000) + line('last@x.example'));
  const long = await found('');
  t.is(long.length, 500);
  t.is(long[0], 'last@x.example');
  t.false((await found('')).includes('a@x.example'));
});
