/** From history and log to mails: what is counted when, what is sent to whom, and that a power cut neither doubles nor invents anything. */
import { existsSync, readdirSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { paths } from '../../../../../box/machine/paths.ts';
import { count } from '../../../../../box/reports/sending/count.ts';
import { sendReports } from '../../../../../box/reports/sending/send.ts';
import { bounds, type Tally } from '../../../../../box/reports/sending/tally.ts';
import { reportsIn } from '../../../../../box/reports/take.ts';
import { settings, TemporaryBox } from '../../temporary-box.ts';
import { dnsOf, type Names } from './names.ts';
import { connected, delivered, historyOf, logOf, yesterday } from './samples.ts';

const sender = 'mail-reports@box.example.com';
const history = `${paths.histories}/history`;
const noon = Date.parse('2026-11-24T12:00:00Z') / 1000;
const asking: Names = {
  '_dmarc.sender.example': 'v=DMARC1; p=quarantine; rua=mailto:dmarc@sender.example',
  '_smtp._tls.a.example': 'v=TLSRPTv1; rua=mailto:tls@a.example',
};
const out = ['mx.a.example[192.0.2.1]'] as const;
const log = logOf(connected(7, 'Trusted', out[0]), delivered(7, '4bQ1', 'x@a.example', out[0]));

interface Mailed {
  readonly to: readonly string[];
  readonly text: string;
}

async function ready(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const mails: Mailed[] = [];
  box.answer = (argv, input) => {
    if (argv[0] === '/usr/sbin/sendmail') mails.push({ to: argv.slice(argv.indexOf('--') + 1), text: input });
    return undefined;
  };
  box.write(`${paths.counts}/.keep`, '');
  box.write(`${paths.histories}/.keep`, '');
  const said: string[] = [];
  return {
    box,
    mails,
    said,
    counted: (now = noon) => count(box.machine, sender, now),
    tally: (): Tally => JSON.parse(box.read(paths.tally)),
    send: (names: Names = asking, wishes = {}, more = {}) =>
      sendReports(
        { machine: box.machine, settings: { ...settings, ...more }, now: () => box.now },
        dnsOf(names),
        { look: false, ...wishes },
        (line) => said.push(line),
      ),
  };
}

test('a day that is over is sent once, to each domain that asks', async (t) => {
  const { box, mails, said, counted, send } = await ready(t);
  box.write(history, historyOf() + historyOf() + historyOf({ ip: '2001:db8::9' }));
  box.write(paths.mailLog, log);
  for (const now of [noon, noon + 3600]) await counted(now);
  await send();
  t.deepEqual(said, [
    'sent: dmarc 2026-11-23 sender.example to dmarc@sender.example',
    'sent: tls 2026-11-23 a.example to tls@a.example',
  ]);
  const [first] = (await reportsIn(Buffer.from(mails[0]?.text ?? ''), 'mx.sender.example', noon)).reports;
  t.deepEqual(first?.kind === 'dmarc' && first.rows.map(({ address, count: n }) => [address, n]), [
    ['198.51.100.7', 2],
    ['2001:db8::9', 1],
  ]);
  const [second] = (await reportsIn(Buffer.from(mails[1]?.text ?? ''), 'mx.a.example', noon)).reports;
  t.like(second?.kind === 'tls' && second.policies[0], { domain: 'a.example', ok: 1, failed: 0 });
  await send();
  t.is(mails.length, 2);
  t.is(await box.box('reports'), 0);
  t.is(
    box.said.at(-1),
    'this box sends others the reports that they ask for; the last time 2 for 2026-11-23',
  );
});

test('a history is taken at one look and counted at the next; its day is sent when all of it is', async (t) => {
  const { box, mails, counted, send, tally } = await ready(t);
  box.write(history, historyOf());
  await counted(yesterday + 60);
  t.deepEqual(tally().days, {});
  t.false(existsSync(box.at(history)));
  // Whoever had it open writes on.
  const [taken] = readdirSync(box.at(paths.histories)).filter((name) => name.startsWith('taken.'));
  box.write(`${paths.histories}/${taken}`, historyOf() + historyOf());
  box.write(history, historyOf());
  await counted(yesterday + 120);
  t.is(tally().days['2026-11-23']?.mails['sender.example']?.rows[0]?.count, 2);
  await send();
  t.is(mails.length, 0, 'the day goes on');
  await counted(noon);
  await send();
  t.is(mails.length, 0, 'what was written until now is not counted yet');
  await counted(noon + 600);
  await send();
  t.is(mails.length, 1);
  t.is(tally().days['2026-11-23']?.mails['sender.example']?.rows[0]?.count, 3);
});

test('a power cut after the numbers were kept does not count a history twice', async (t) => {
  const { box, counted, tally } = await ready(t);
  box.write(history, historyOf());
  await counted(noon);
  const [taken = ''] = readdirSync(box.at(paths.histories)).filter((name) => name.startsWith('taken.'));
  await counted(noon + 60);
  box.write(`${paths.histories}/${taken}`, historyOf());
  await counted(noon + 120);
  t.is(tally().days['2026-11-23']?.mails['sender.example']?.rows[0]?.count, 1);
  t.false(existsSync(box.at(`${paths.histories}/${taken}`)));
});

test('a power cut between note and mail loses the report; a mail that can’t be handed over is sent later', async (t) => {
  const { box, mails, said, counted, send } = await ready(t);
  box.write(history, historyOf());
  for (const now of [noon, noon + 60]) await counted(now);
  const answer = box.answer;
  box.answer = (argv) => (argv[0] === '/usr/sbin/sendmail' ? { code: 75, err: 'no room' } : undefined);
  await t.throwsAsync(send(), { message: /no room/ });
  box.answer = async (argv) => {
    // The note is there before the mail is.
    if (argv[0] === '/usr/sbin/sendmail') t.true(box.read(paths.sentReports).includes('"sender.example":1'));
    return undefined;
  };
  await send();
  box.answer = answer;
  await send();
  t.is(mails.length, 0);
  t.is(said.length, 1);
});

test('who does not ask, who can’t be asked, and the box’s own domains', async (t) => {
  const { box, mails, said, counted, send } = await ready(t);
  const of = (domain: string) => historyOf({ pdomain: domain, from: domain });
  box.write(
    history,
    of('quiet.example') + of('broken.example') + of('example.com') + of('sub.box.example.com'),
  );
  for (const now of [noon, noon + 60]) await counted(now);
  await send({
    '_dmarc.broken.example': 'broken',
    '_dmarc.example.com': 'v=DMARC1; p=none; rua=mailto:a@example.com',
  });
  t.deepEqual(mails, []);
  t.deepEqual(said, ['later: dmarc 2026-11-23 broken.example: the DNS gives no answer']);
  t.deepEqual(JSON.parse(box.read(paths.sentReports)), {
    '2026-11-23': { dmarc: { 'quiet.example': 0 }, tls: {} },
  });
  await send({ '_dmarc.broken.example': 'v=DMARC1; p=none; rua=mailto:a@broken.example' });
  t.deepEqual(mails[0]?.to, ['a@broken.example']);
});

test('a size limit of an address holds; a relay hides what is behind it; a look sends nothing', async (t) => {
  const { box, mails, said, counted, send } = await ready(t);
  box.write(history, historyOf());
  box.write(paths.mailLog, log);
  for (const now of [noon, noon + 60]) await counted(now);
  const both = 'v=DMARC1; p=none; rua=mailto:small@sender.example!1k,mailto:large@sender.example!1m';
  const relay = { relay: { host: 'relay.example.net', port: 587, username: 'x', password: 'y' } };
  await send({ ...asking, '_dmarc.sender.example': both }, { look: true }, relay);
  t.deepEqual(said, ['would be sent: dmarc 2026-11-23 sender.example to large@sender.example']);
  t.false(existsSync(box.at(paths.sentReports)));
  await send({ ...asking, '_dmarc.sender.example': both }, {}, relay);
  t.deepEqual(
    mails.map(({ to }) => to),
    [['large@sender.example']],
  );
});

test('a named day is sent although it goes on; another day is not', async (t) => {
  const { box, mails, counted, send } = await ready(t);
  box.write(history, historyOf({ received: noon }));
  for (const now of [noon, noon + 60]) await counted(now);
  await send(asking, { day: '2026-11-23' });
  t.is(mails.length, 0);
  await send(asking, { day: '2026-11-24' });
  t.is(mails.length, 1);
});

test('a flood makes numbers and no file without end; old days go', async (t) => {
  const { box, counted, tally } = await ready(t);
  const flood = Array.from({ length: 3000 }, (_, i) =>
    historyOf({ pdomain: `d${i}.example`, from: `d${i}.example`, ip: `198.51.${i >> 8}.${i & 255}` }),
  );
  box.write(history, flood.join('') + historyOf({ received: yesterday - 9 * 86_400 }));
  for (const now of [noon, noon + 60]) await counted(now);
  t.is(Object.keys(tally().days['2026-11-23']?.mails ?? {}).length, bounds.domains);
  t.is(tally().days['2026-11-23']?.left, 2000);
  t.deepEqual(Object.keys(tally().days), ['2026-11-23']);
  await counted(noon + 6 * 86_400);
  t.deepEqual(tally().days, {});
});

test('what whoever counts could write there makes root do nothing', async (t) => {
  const { box, mails, send, counted, tally } = await ready(t);
  for (const text of ['', '{', '[]', '{"format":1}', `{"days":{"${'x'.repeat(1000)}":{}}}`]) {
    box.write(paths.tally, text);
    await send();
  }
  t.deepEqual(mails, []);
  box.write(history, historyOf());
  for (const now of [noon, noon + 60]) await counted(now);
  const evil = tally();
  const rows = evil.days['2026-11-23']?.mails['sender.example'];
  if (rows === undefined) return t.fail();
  (evil.days['2026-11-23'] as { mails: Record<string, unknown> }).mails = { '-oQ/tmp/x': rows };
  box.write(paths.tally, JSON.stringify(evil));
  await send();
  t.deepEqual(mails, []);
});

test('the commands: a day that is none, and an owner who wants none sent', async (t) => {
  const { box, mails } = await ready(t);
  t.is(await box.box('reports', 'send', '--day', 'yesterday'), 2);
  box.settle({ reports: false });
  t.is(await box.box('reports', 'send'), 0);
  t.deepEqual(box.said, ['no reports are sent: the settings say so (outbound.reports)']);
  t.deepEqual(mails, []);
  box.write(history, historyOf());
  t.is(await box.box('reports', 'count'), 0);
  t.false(existsSync(box.at(history)));
});
