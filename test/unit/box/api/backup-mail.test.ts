/** The API's restore of mail: ordered, done by a service of its own, told while it goes on and when it has ended, whatever way. */
import test, { type ExecutionContext } from 'ava';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { setPassword } from '../../../../box/mail/users.ts';
import type { MailRestore } from '../../../../contract/api.ts';
import { hashOf } from '../password-hash.ts';
import { TemporaryBox } from '../temporary-box.ts';

const me = { user: 'me@example.com', secret: 'correct-horse' };
const hash = hashOf(me.secret);

/** A box whose service is started where the test says so; `fault` is duplicity's. */
async function keeper(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(machine, me.user, hash);
  box.write(paths.backupKey, `${'k'.repeat(64)}\n`);
  const now = () => box.now.getTime();
  const secret = await keeperSecret(machine);
  const door = {
    ...{ machine, secret, now, log: () => undefined },
    sessions: new Sessions(secret, now, async () => undefined),
    attempts: new Attempts(now),
    challenges: new Challenges(now),
  };
  const ask = async (route: string, params: object = {}, credentials: object = me) =>
    (await answer(door, JSON.stringify({ route, params, from: '198.51.100.1', credentials }))) as {
      readonly body?: unknown;
      readonly refused?: string;
      readonly reason?: string;
    };
  const order = (form: object) => ask('POST /system/backup/mail', { email: me.user, ...form });
  const standing = async () => (await ask('GET /system/backup/mail')).body as MailRestore | null;
  const world = { fault: '', started: 0, starting: undefined as undefined | { code: number; err: string } };
  box.answer = (argv) => {
    const words = argv.join(' ');
    if (words === 'service box-mail-restore start') {
      world.started++;
      return world.starting;
    }
    if (words.startsWith('doveadm pw')) return { out: hash };
    if (argv[0] === 'df') return { out: 'x\n/dev/vda3 1000 500 500 50% /\n' };
    if (words.includes(' status ')) return { out: 'Restored/INBOX messages=1\n' };
    if (!argv.at(-1)?.endsWith(paths.restoredMail)) return undefined;
    if (world.fault !== '') return { code: 23, err: world.fault };
    const mail =
      'From: Ann <ann@example.net>\nSubject: invoice\nDate: Mon, 16 Nov 2026 10:00:00 +0000\n\nHello\n';
    box.write(`${paths.restoredMail}/cur/1:2,S`, mail);
    box.write(`${paths.restoredMail}/cur/2:2,S`, mail.replace('invoice', 'other'));
    return undefined;
  };
  return { box, ask, order, standing, world };
}

test('a look, then the restore of the same: each is ordered, waits for its service, and is told to its end', async (t) => {
  const { box, order, standing, world } = await keeper(t);
  t.is(await standing(), null);
  t.regex(String((await order({ look: '1', subject: 'INVOICE' })).body), /^It has begun/);
  t.is(world.started, 1);
  t.like(await standing(), { email: me.user, look: true, step: 'waits', sought: { subject: 'INVOICE' } });
  t.regex((await order({})).reason ?? '', /mail is being restored already/);
  t.is(await box.box('backup', 'ordered'), 0, box.complaints.join());
  const looked = await standing();
  t.like(looked, { step: 'ended', look: true });
  t.deepEqual(looked?.found?.folders, [{ name: 'INBOX', mails: 1 }]);
  t.deepEqual(looked?.found?.newest, [
    { folder: 'INBOX', from: 'Ann <ann@example.net>', subject: 'invoice', date: '2026-11-16T10:00:00.000Z' },
  ]);
  t.false(
    box.ran.some((line) => line.startsWith('doveadm')),
    'a look changes nothing',
  );

  await order({ subject: 'INVOICE', time: '2026-11-20', since: '2026-11-16', until: '2026-11-16' });
  t.is(await box.box('backup', 'ordered'), 0);
  t.like(await standing(), {
    ...{ step: 'ended', look: false },
    restored: { mails: 1, folder: 'Restored 20261124T120000Z' },
  });
  t.is((await standing())?.found, undefined, 'that was of the look before');
  t.true(box.ran.some((line) => /^doveadm .* import -u me@example\.com /.test(line)));
  // Whoever starts the service once more has nothing done a second time.
  t.is(await box.box('backup', 'ordered'), 0);
  t.false(box.ran.some((line) => line.includes('duplicity')));
});

test('what can’t be done is said at once, and nothing is begun', async (t) => {
  const { box, ask, order, standing, world } = await keeper(t);
  for (const [form, words] of [
    [{ email: 'nobody@example.com' }, /there is no account nobody@example\.com/],
    [{ email: 'nonsense' }, /is not a mail address/],
    [{ time: "1'; id" }, /is no time/],
    [{ since: 'Monday' }, /Monday is no day/],
    [{ subject: 'a\nb' }, /control character/],
  ] as const)
    t.regex((await order(form)).reason ?? '', words);
  box.write(paths.backupKey, '');
  t.regex((await order({})).reason ?? '', /secret_key\.txt holds no key/);
  box.write(paths.backupConfig, 'target: off\n');
  t.regex((await order({})).reason ?? '', /backups are off/);
  t.is((await ask('POST /system/backup/mail', {}, {})).refused, 'bad-request');
  t.deepEqual([world.started, await standing()], [0, null]);
});

test('who is no administrator can neither begin it nor see it', async (t) => {
  const { box, ask } = await keeper(t);
  t.is(await box.box('account', 'add', 'you@example.com'), 0, box.complaints.join());
  const you = { ...me, user: 'you@example.com' };
  for (const route of ['GET /system/backup/mail', 'POST /system/backup/mail'])
    t.is((await ask(route, route.startsWith('GET') ? {} : { email: you.user }, you)).refused, 'forbidden');
});

test('what goes wrong meanwhile is told with its remedy, and the next one may begin', async (t) => {
  const { box, order, standing, world } = await keeper(t);
  world.fault = 'gpg: decryption failed: Bad session key';
  await order({});
  t.is(await box.box('backup', 'ordered'), 1);
  const failed = await standing();
  t.regex(failed?.problem?.what ?? '', /were not made with the key/);
  t.truthy(failed?.problem?.what_to_do);

  world.fault = '';
  await order({ subject: 'never sent' });
  t.is(await box.box('backup', 'ordered'), 0);
  t.is((await standing())?.restored?.mails, 0);

  world.starting = { code: 5, err: 'Unit box-mail-restore.service not found.' };
  await order({});
  for (let tries = 0; tries < 50 && (await standing())?.step === 'waits'; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20));
  t.regex((await standing())?.problem?.what ?? '', /^it did not begin: .*not found/);
});

test('that the keeper ends meanwhile, and what it started with it, keeps no restore from beginning', async (t) => {
  const { box, order, standing, world } = await keeper(t);
  world.starting = { code: 128, err: 'SIGTERM' };
  await order({ subject: 'never sent' });
  await new Promise((resolve) => setTimeout(resolve, 200));
  t.is((await standing())?.step, 'waits');
  t.is(await box.box('backup', 'ordered'), 0);
  t.is((await standing())?.restored?.mails, 0);
});

test('one that was broken off says so; one that is at work is left alone', async (t) => {
  const { box, order, standing } = await keeper(t);
  await order({});
  const file = JSON.parse(box.read(paths.mailRestore));
  box.write(paths.mailRestore, JSON.stringify({ ...file, step: 'fetch', mails: 7 }));
  const unlock = await box.machine.lock(0, paths.mailRestoreLock);
  t.like(await standing(), { step: 'fetch', mails: 7 });
  t.regex((await order({})).reason ?? '', /mail is being restored already/);
  await unlock();
  t.like(await standing(), { step: 'ended', problem: { what: 'it was broken off' } });
  t.is((await order({})).refused, undefined);

  // A service that never came.
  box.now = new Date(box.now.getTime() + 300_000);
  t.like(await standing(), { step: 'ended', problem: { what: 'it was broken off' } });
  box.write(paths.mailRestore, 'half a file');
  t.is(await standing(), null);
});
