/** The API of backups: where they go, with a login that never comes back, and the key, which the password alone brings. */
import test, { type ExecutionContext } from 'ava';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { setPassword } from '../../../../box/mail/users.ts';
import { isKeyKnown } from '../../../../box/storage/backup/state.ts';
import { hashOf } from '../password-hash.ts';
import { TemporaryBox } from '../temporary-box.ts';

const password = 'correct-horse';
const hash = hashOf(password);
const me = { user: 'me@example.com', secret: password };

async function keeper(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(machine, me.user, hash);
  const now = () => Date.parse('2026-11-24T12:00:00Z');
  const secret = await keeperSecret(machine);
  const log: string[] = [];
  const door = {
    ...{ machine, secret, now, log: (line: string) => void log.push(line) },
    sessions: new Sessions(secret, now, async () => undefined),
    attempts: new Attempts(now),
    challenges: new Challenges(now),
  };
  const ask = async (route: string, params: object = {}) =>
    (await answer(door, JSON.stringify({ route, params, from: '198.51.100.1', credentials: me }))) as {
      readonly body?: Record<string, string>;
      readonly refused?: string;
      readonly reason?: string;
    };
  return { box, log, ask };
}

test('the key is shown by one’s password alone, with what a new box must be told; the log knows to whom', async (t) => {
  const { box, log, ask } = await keeper(t);
  box.write(paths.backupKey, `${'k'.repeat(64)}\n${'l'.repeat(64)}\n`);
  box.write(paths.backupConfig, 'target: rsync://me@host.example:2222/box\n');
  box.write(paths.backupKnownHosts, 'host.example ssh-ed25519 OTHER\n[host.example]:2222 ssh-ed25519 AAAA\n');
  for (const wrong of [{}, { password: 'wrong-horse' }]) {
    const { refused, body } = await ask('POST /system/backup/key', wrong);
    t.deepEqual([refused, body], ['bad-request', undefined]);
  }
  const { body } = await ask('POST /system/backup/key', { password });
  t.like(body, {
    ...{ hostname: 'box.example.com', key: 'k'.repeat(64), target: 'rsync://me@host.example:2222/box' },
    host_key: 'ssh-ed25519 AAAA',
  });
  t.is(Buffer.from(body?.qr_code_base64 ?? '', 'base64').toString('latin1', 1, 4), 'PNG');
  t.true(await isKeyKnown(box.machine), 'the first step is done by it');
  t.true(log.includes('the key of the backups was shown to me@example.com'), log.join('\n'));
  t.false(log.join('\n').includes('kkk'));

  box.write(paths.backupKey, '\n');
  t.regex((await ask('POST /system/backup/key', { password })).reason ?? '', /holds no key/);
});

test('a store needs its login, which is kept for the same target and is told to nobody', async (t) => {
  const { box, ask } = await keeper(t);
  const put = (form: object) =>
    ask('POST /system/backup/config', { target_user: '', target_pass: '', min_age: '3', ...form });
  const target = 's3://eu@127.0.0.1:1/box';
  t.regex((await put({ target })).reason ?? '', /needs target_user and target_pass/);
  t.regex((await put({ target: 'local', target_user: 'id', target_pass: 'x' })).reason ?? '', /are not used/);
  // Nobody is there; what was is kept.
  box.write(paths.backupConfig, `target: ${target}\ntarget_user: id\ntarget_pass: secret-key\n`);
  box.write(paths.authorities, '');
  const before = box.read(paths.backupConfig);
  for (const form of [
    { target, min_age: '9' },
    { target, target_user: 'id', target_pass: 'other' },
  ])
    t.regex((await put(form)).reason ?? '', /can’t be reached/);
  t.is(box.read(paths.backupConfig), before);
  const { body } = await ask('GET /system/backup/config');
  t.is(body?.target, target);
  t.false(JSON.stringify(body).includes('secret-key'));
  t.is((await put({ target: 'local' })).refused, undefined);
  t.is(box.read(paths.backupConfig), 'target: local\nmin_age_in_days: 3\n');
});

test('a backup is begun at once where one is asked for, by its own service, and not where backups are off', async (t) => {
  const { box, ask } = await keeper(t);
  t.is((await ask('POST /system/backup/run')).body as unknown, 'It has begun.\n');
  const begun = () => box.ran.filter((words) => words === 'service box-backup start').length;
  t.is(begun(), 1, box.ran.join('\n'));
  box.write(paths.backupConfig, 'target: off\n');
  t.regex((await ask('POST /system/backup/run')).reason ?? '', /backups are off/);
  t.is(begun(), 1);
});
