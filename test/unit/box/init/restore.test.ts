/** A box that begins with another one's backup, with a stand-in for duplicity and the other host. */
import { existsSync, readdirSync } from 'node:fs';
import test from 'ava';
import { pauseAfter } from '../../../../box/init/next-try.ts';
import { helped } from '../../../../box/init/restore-problems.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { sourceOf } from '../../../../box/storage/backup/first-restore.ts';
import { NotLetIn } from '../../../../box/storage/backup/stores/store.ts';
import { listingArgv, optionsOf } from '../../../../box/storage/backup/target.ts';
import { settings, TemporaryBox } from '../temporary-box.ts';
import {
  bring,
  type Elsewhere,
  hostKey,
  key,
  keysOf,
  listing,
  none,
  restore,
  waiting,
} from './backup-elsewhere.ts';

test('without its key it makes nothing, and all that is missing is said at once', async (t) => {
  const { box, elsewhere } = await waiting(t);
  elsewhere.list = { code: 255, err: 'backups@192.0.2.9: Permission denied (publickey).' };
  t.is(await box.box('init'), 1);
  const { stage, step, error, hint } = box.report();
  t.deepEqual([stage, step], ['failed', 'restore']);
  t.is(error, 'the key of the backups is not here yet; 192.0.2.9 does not let this box in as backups');
  const line = box.read(`${paths.backupSshKey}.pub`).trim();
  t.is(
    hint,
    `bring it: ssh root@192.0.2.25 box restore key < secret_key.txt; add this line to backups’s authorized_keys there: ${line}`,
  );
  t.deepEqual(keysOf(box), none);
  t.deepEqual(readdirSync(box.at(paths.storage)), ['backup']);
  t.is(box.read(paths.backupKnownHosts), `[192.0.2.9]:2222 ${hostKey}\n`);
  t.false(existsSync(box.at(paths.initialised)));
  t.regex(
    box.read(paths.volatileMotd),
    /stays CLOSED: restore: .*\n.*box restore key.*\n {2}ssh host key: SHA256:/,
  );
});

test('with it, it becomes the old box, once', async (t) => {
  const { old, box, elsewhere } = await waiting(t);
  t.is(await bring(box), 0, box.complaints.join());
  await box.init(t);
  t.deepEqual(keysOf(box), keysOf(old));
  t.is(box.read(paths.accounts), old.read(paths.accounts));
  t.is(box.read(paths.backupKey), key);
  t.true(box.said.includes('Letterbox: restoring rsync://backups@192.0.2.9:2222/box'));
  t.deepEqual(
    readdirSync(box.at(paths.backup)).filter((name) => /restored|replaced|peek|removed/.test(name)),
    [],
  );
  // The host may have gone since, and the box have lived on.
  elsewhere.list = { code: 255, err: 'Connection timed out' };
  box.write(`${paths.mailboxes}/example.com/me/new/1`, 'since then');
  await box.init(t);
  t.true(box.report().steps.every(({ result }) => result === 'done'));
  t.is(box.read(`${paths.mailboxes}/example.com/me/new/1`), 'since then');
  t.is(await bring(box, `${'z'.repeat(64)}\n`), 1);
  t.regex(box.complaints.join(), /has its state already, and keeps its key/);
  t.is(box.read(paths.backupKey), key);
});

test('another backup is not put over a state, nor any over one that was made here', async (t) => {
  const { box } = await waiting(t);
  await bring(box);
  await box.init(t);
  const made = await TemporaryBox.booted(t);
  for (const [there, wanted] of [
    [box, { ...restore, time: '2026-11-20' }],
    [made, restore],
  ] as const) {
    const before = keysOf(there);
    there.settle({ restore: wanted });
    t.is(await there.box('init'), 1);
    t.regex(String(there.report().error), /has a state already, which did not come from rsync:\/\/backups@/);
    t.deepEqual(keysOf(there), before);
  }
});

for (const cut of ['first files', 'sync'] as const) {
  test(`the power goes at "${cut}": nothing of it counts, and the next boot begins anew`, async (t) => {
    const { old, box, elsewhere } = await waiting(t);
    await bring(box);
    elsewhere.cut = cut;
    t.is(await box.box('init'), 1);
    t.deepEqual(keysOf(box), none);
    t.false(existsSync(box.at(paths.restored)));
    delete elsewhere.cut;
    await box.init(t);
    t.deepEqual(keysOf(box), keysOf(old));
  });
}

test('why it can’t begin, in words for who sees a console: and no state is made', async (t) => {
  const { box, elsewhere } = await waiting(t);
  await bring(box);
  const bad: readonly (readonly [Elsewhere, RegExp, RegExp])[] = [
    [
      { duplicity: { code: 31, err: 'gpg: decryption failed: Bad session key' } },
      /not made with the key that was brought/,
      /box restore key/,
    ],
    [
      { duplicity: { code: 50, err: '[Errno 28] No space left on device' } },
      /disk is too small/,
      /larger disk/,
    ],
    [
      { list: { code: 255, err: 'Host key verification failed.' } },
      /192\.0\.2\.9 does not show the key/,
      /hostKey/,
    ],
    [
      { list: { code: 255, err: 'ssh: connect to host h port 22: No route to host' } },
      /can’t be reached/,
      /tries again by itself/,
    ],
    [{ list: { code: 23, err: 'No such file or directory (2)' } }, /holds no whole backup/, /path right/],
    [{ version: '16\n' }, /layout version 16; this image knows 15/, /newer image/],
    [{ version: '14\n' }, /layout version 14; this image reads 15 only/, /Mail-in-a-Box v75/],
    [{ version: undefined }, /is not the state of a box/, /another one/],
  ];
  for (const [it, error, hint] of bad) {
    Object.assign(elsewhere, { list: { out: listing }, version: '15\n', duplicity: undefined }, it);
    t.is(await box.box('init'), 1);
    t.regex(String(box.report().error), error);
    t.regex(String(box.report().hint), hint);
    t.deepEqual(keysOf(box), none);
    t.false(existsSync(box.at(paths.restored)));
  }
});

test('a key is taken as it was copied, by whatever way, and nothing else is', async (t) => {
  const { box } = await waiting(t);
  for (const wrong of [
    '',
    'short\n',
    `${'k'.repeat(40)} ${'k'.repeat(40)}\n`,
    '-----BEGIN OPENSSH PRIVATE KEY-----\n',
  ]) {
    t.is(await bring(box, wrong), 1);
    t.regex(box.complaints.join(), /is no key of backups/);
  }
  t.false(existsSync(box.at(paths.backupKey)));
  t.is(await bring(box, `\uFEFF${key.replaceAll('\n', '\r\n')}`), 0);
  t.is(box.read(paths.backupKey), key);
  const other = TemporaryBox.fresh(t);
  t.is(await bring(other), 1);
  t.regex(other.complaints.join(), /this box waits for no backup/);
});

test('files that the owner brings are as good: nobody else is asked, and no ssh key is made', async (t) => {
  const { old, box } = await waiting(t);
  box.settle({ restore: { from: 'local' } });
  t.is(await box.box('init'), 1);
  t.regex(
    String(box.report().error),
    /^the key .* not here yet; \/home\/user-data\/backup\/encrypted holds no whole/,
  );
  t.regex(String(box.report().hint), /scp -r encrypted root@192\.0\.2\.25:\/home\/user-data\/backup\/$/);
  for (const name of ['manifest', 'vol1.difftar'])
    box.write(`${paths.backupFiles}/duplicity-full.20261120T010000Z.${name}.gpg`, 'x');
  await bring(box);
  t.false(existsSync(box.at(paths.backupSshKey)));
  await box.init(t);
  t.deepEqual(keysOf(box), keysOf(old));
  t.false(box.ran.some((line) => line.startsWith('rsync')));
});

test('a store waits for its login too, which is gone when the state is here; each refusal says how to bring it', async (t) => {
  const { old, box } = await waiting(t);
  const from = 's3://eu@127.0.0.1:1/box';
  box.settle({ restore: { from } });
  box.write(paths.authorities, '');
  t.is(await box.box('init'), 1);
  t.is(box.report().error, `the key of the backups is not here yet; what opens ${from} is not here yet`);
  t.regex(String(box.report().hint), /as two lines: ssh root@192\.0\.2\.25 box restore login$/);
  const login = async (text: string) => {
    box.input = text;
    return box.box('restore', 'login');
  };
  for (const wrong of ['', 'id\n', 'id\n\n', 'id\nsecret\nmore\n', `id\n${'x'.repeat(3_000)}`]) {
    t.is(await login(wrong), 1);
    t.regex(box.complaints.join(), /is no login: it is two lines/);
  }
  t.is(await login('\uFEFFid\r\nsecret\r\n'), 0, box.complaints.join());
  t.is(box.read(paths.restoreLogin), 'id\nsecret\n');
  await bring(box);
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /^127\.0\.0\.1 can’t be reached: /);
  t.regex(String(box.report().hint), /The box tries again by itself$/);
  t.deepEqual(keysOf(box), none);
  t.false(existsSync(box.at(paths.backupSshKey)));
  t.false([...box.said, ...box.complaints].join().includes('secret'));
  const refused = await helped(
    new NotLetIn('h does not let this box in (X)', 'in the panel'),
    { machine: box.machine, settings, now: () => new Date() },
    { from },
  );
  t.is(refused.hint, 'bring the right login: ssh root@192.0.2.25 box restore login');

  // Its files by another way: what waited for the store goes, too.
  box.settle({ restore: { from: 'local' } });
  for (const name of ['manifest', 'vol1.difftar'])
    box.write(`${paths.backupFiles}/duplicity-full.20261120T010000Z.${name}.gpg`, 'x');
  await box.init(t);
  t.deepEqual(keysOf(box), keysOf(old));
  t.false(existsSync(box.at(paths.restoreLogin)));
});

test('the host is believed by the key that was named, and by no other of another kind', async (t) => {
  const source = await sourceOf(TemporaryBox.fresh(t).machine, restore);
  if (source.kind !== 'rsync') throw new Error(source.kind);
  for (const words of [listingArgv(source).join(' '), optionsOf(source).join(' ')])
    t.regex(words, /StrictHostKeyChecking=yes/);
});

test('pauses grow to a quarter of an hour', (t) => {
  t.deepEqual([1, 2, 3, 6, 7, 50].map(pauseAfter), [15, 30, 60, 480, 900, 900]);
});
