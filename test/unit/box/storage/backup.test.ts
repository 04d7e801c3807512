/** Backups: targets, what file names tell, when a full one is due, and what a boot does with a restored state. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import test from 'ava';
import { paths } from '../../../../box/machine/paths.ts';
import { explained } from '../../../../box/storage/backup/duplicity.ts';
import { filesIn } from '../../../../box/storage/backup/listing.ts';
import { backupsIn, daysLeft, isFullDue, stamp } from '../../../../box/storage/backup/sets.ts';
import { doubtedFrom } from '../../../../box/storage/backup/state.ts';
import { listingArgv, targetOf, urlOf } from '../../../../box/storage/backup/target.ts';
import { size, whereTo } from '../../../../panel/words/backups.ts';
import { TemporaryBox } from '../temporary-box.ts';

const now = new Date('2026-11-26T12:00:00Z');
const day = 86_400_000;
const made = (daysAgo: number, full: boolean, bytes: number) => ({
  time: new Date(now.getTime() - daysAgo * day),
  full,
  size: bytes,
  volumes: 1,
});

test('targets: Mail-in-a-Box’s words, and what duplicity is told', (t) => {
  const plain = (target: string) => targetOf({ target });
  t.deepEqual(plain('local'), { kind: 'local' });
  t.deepEqual(plain('file:///home/user-data/backup/encrypted'), { kind: 'local' });
  t.deepEqual(plain('off'), { kind: 'off' });
  const target = plain('rsync://me@host.example:2222//srv/backups');
  if (target.kind !== 'rsync') throw new Error(target.kind);
  t.deepEqual(target, { kind: 'rsync', user: 'me', host: 'host.example', port: 2222, path: '/srv/backups' });
  t.is(urlOf(target), 'rsync://me@host.example:2222//srv/backups');
  t.is(listingArgv(target).at(-1), 'me@host.example:/srv/backups/');
});

test('a target that a shell could misread, and one that a box does not know, is refused', (t) => {
  for (const wrong of [
    "rsync://me@host/a'b",
    'rsync://me@host/a b',
    'rsync://me@host/$(id)',
    'rsync://-oProxyCommand=x@host/a',
    'rsync://me@-oProxyCommand=x/a',
    'rsync://me@host:70000/a',
    'rsync://me@host/../a',
    'rsync://host/a',
    'rsync://me:pass@host/a',
    'sftp://me@host/a',
    'file:///etc',
    '',
  ])
    t.throws(() => targetOf({ target: wrong }), { message: /none that a box knows/ }, wrong);
  t.throws(() => targetOf({ target: 'b2://id:key@bucket' }), { message: /Backblaze B2 by its S3/ });
});

test('stores: a bucket in Mail-in-a-Box’s words, a WebDAV folder; each with its login, and nothing else with one', (t) => {
  const login = { user: 'id', password: 'secret' };
  const of = (target: string) => targetOf({ target, login });
  const bucket = { kind: 's3', port: 443, bucket: 'box', path: '', login };
  t.deepEqual(of('s3://eu-north-1@s3.eu-north-1.amazonaws.com/box/a/b/'), {
    ...{ ...bucket, region: 'eu-north-1', host: 's3.eu-north-1.amazonaws.com', path: 'a/b' },
  } as never);
  const region = (target: string) => Object(of(target)).region;
  t.is(region('s3://s3.us-west-004.backblazeb2.com/box'), 'us-east-1');
  t.is(region('s3://s3.eu-west-3.amazonaws.com/box'), 'eu-west-3');
  t.is(region('s3://s3.amazonaws.com/box'), 'us-east-1');
  t.deepEqual(of('webdavs://cloud.example:8443/remote.php/dav/files/me@example.com//box/'), {
    ...{ kind: 'webdav', host: 'cloud.example', port: 8443, login },
    path: 'remote.php/dav/files/me@example.com/box',
  });
  for (const wrong of [
    's3://host/',
    's3://host/Box',
    's3://id:secret@host/box',
    's3://host:0/box',
    's3://host/box/../x',
    's3://host/box/a b',
    's3://host/box/%2e%2e',
    'webdavs://host/',
    'webdavs://host/../x',
    'webdavs://me:pass@host/x',
    'webdavs://host/x?y',
  ])
    t.throws(() => of(wrong), { message: /none that a box knows/ }, wrong);
  for (const target of ['s3://host/box', 'webdavs://host/x']) {
    t.throws(() => targetOf({ target }), { message: /needs target_user and target_pass/ });
    t.throws(() => targetOf({ target, login: { user: 'id', password: '' } }), {
      message: /needs target_user/,
    });
  }
  for (const target of ['local', 'off', 'rsync://me@host/a', 'webdav://host/x'])
    t.throws(() => of(target), { message: /are not used/ }, target);
});

test('what there is, is read from the names; a set without its manifest is none', (t) => {
  const names = [
    ['duplicity-full-signatures.20261120T010000Z.sigtar.gpg', 10],
    ['duplicity-full.20261120T010000Z.manifest.gpg', 1],
    ['duplicity-full.20261120T010000Z.vol1.difftar.gpg', 100],
    ['duplicity-full.20261120T010000Z.vol2.difftar.gpg', 50],
    ['duplicity-inc.20261120T010000Z.to.20261121T010000Z.manifest.gpg', 1],
    ['duplicity-inc.20261120T010000Z.to.20261121T010000Z.vol1.difftar.gpg', 20],
    ['duplicity-new-signatures.20261120T010000Z.to.20261121T010000Z.sigtar.gpg', 2],
    ['duplicity-inc.20261121T010000Z.to.20261122T010000Z.vol1.difftar.gpg', 7],
    ['duplicity-new-signatures.20261121T010000Z.to.20261122T010000Z.sigtar.gpg', 3],
    ['notes.txt', 1000],
  ] as const;
  const { backups, loose } = backupsIn(names.map(([name, bytes]) => ({ name, size: bytes })));
  t.deepEqual(
    backups.map((one) => [stamp(one.time), one.full, one.size, one.volumes]),
    [
      ['20261121T010000Z', false, 23, 1],
      ['20261120T010000Z', true, 161, 2],
    ],
  );
  t.deepEqual(
    loose.map((one) => one.size),
    [7, 3],
  );
  const listing = `drwx------          4,096 2026/11/26 13:45:02 .
-rw-------        355,822 2026/11/26 13:45:12 duplicity-full.20261120T010000Z.vol1.difftar.gpg
`;
  t.deepEqual(filesIn(listing), [
    { name: 'duplicity-full.20261120T010000Z.vol1.difftar.gpg', size: 355_822 },
  ]);
});

test('after a cut of the power a backup is none that has a file without content, or whose run never ended', (t) => {
  const set = (time: string, size: number) =>
    [
      `duplicity-inc.20261120T010000Z.to.${time}.manifest.gpg`,
      `duplicity-inc.20261120T010000Z.to.${time}.vol1.difftar.gpg`,
    ].map((name, index) => ({ name, size: index === 0 ? 10 : size }));
  const files = [
    ...set('20261121T010000Z', 20),
    ...set('20261122T010000Z', 0),
    ...set('20261123T010000Z', 30),
  ];
  const times = (doubted?: Date) => backupsIn(files, doubted).backups.map(({ time }) => stamp(time));
  t.deepEqual(times(), ['20261123T010000Z', '20261121T010000Z']);
  t.is(backupsIn(files).loose.length, 2);
  const started = '2026-11-23T01:00:00.900Z';
  t.is(doubtedFrom({ started }), undefined);
  t.deepEqual(times(doubtedFrom({ started, atWork: true })), ['20261121T010000Z']);
  t.deepEqual(times(new Date('2026-11-23T01:00:01Z')), ['20261123T010000Z', '20261121T010000Z']);
});

test('a full one is due: when there is none, when increments outgrow its half, when it is old', (t) => {
  t.true(isFullDue([], 3, now));
  t.true(isFullDue([made(1, false, 1)], 3, now));
  t.false(isFullDue([made(1, true, 100)], 3, now));
  t.false(isFullDue([made(0, false, 25), made(1, false, 25), made(2, true, 100)], 3, now));
  t.true(isFullDue([made(0, false, 26), made(1, false, 25), made(2, true, 100)], 3, now));
  // 10 times the days that one is kept, and one more.
  t.false(isFullDue([made(30.9, true, 100)], 3, now));
  t.true(isFullDue([made(31.1, true, 100)], 3, now));
  // Of a clock that was ahead: duplicity adds nothing to it.
  t.true(isFullDue([made(-1000, false, 1), made(1, true, 100)], 3, now));
});

test('a full one and its increments go together, once a newer full one is there and the newest is old enough', (t) => {
  const found = [
    made(1, true, 100),
    made(2, false, 10),
    made(3, false, 10),
    made(9, true, 100),
    made(20, true, 90),
  ];
  t.deepEqual(
    daysLeft(found, 3, now).map((left) => Math.round(left)),
    [30, 1, 1, 1, -17],
  );
  // With 10 of 100 each day, half is reached in three days.
  const growing = [made(0, false, 10), made(1, false, 10), made(2, true, 100)];
  t.deepEqual(daysLeft(growing, 1, now), [3, 3, 3]);
});

test('duplicity’s failures, in words for the owner', (t) => {
  for (const [said, words] of [
    [
      'GPGError: GPG Failed, see log below:\ngpg: decryption failed: Bad session key',
      /not made with the key in/,
    ],
    ['OSError: [Errno 28] No space left on device', /the disk is full/],
    ['root@host: Permission denied (publickey,password).', /does not let this box in/],
    ['Host key verification failed.', /shows another key/],
    ['ssh: connect to host h port 22: No route to host', /can’t be reached/],
    ['something else\nat the end', /^duplicity full: something else; at the end$/],
  ] as const)
    t.regex(explained('full', said, 1).message, words);
});

test('the keys are made once, and no boot touches them again', async (t) => {
  const box = await TemporaryBox.booted(t);
  const key = box.read(paths.backupKey);
  t.is(Buffer.from(key, 'base64').length, 2048);
  t.is(key.split('\n')[0]?.length, 64);
  t.is(statSync(box.at(paths.backupKey)).mode & 0o777, 0o600);
  const before = box.tree(paths.backup);
  await box.init(t);
  t.deepEqual(box.tree(paths.backup), before);
  // One that an owner brought along is as good, whoever may read it meanwhile.
  box.write(paths.backupKey, 'brought along\n');
  await box.init(t);
  t.is(box.read(paths.backupKey), 'brought along\n');
});

test('a restored state takes the place of the box’s own at the next boot, also after a power cut between two moves', async (t) => {
  const box = await TemporaryBox.booted(t);
  const own = box.read(paths.accounts);
  const restored = (name: string) => `${paths.restored}/${name}`;
  mkdirSync(box.at(restored('mail')), { recursive: true });
  writeFileSync(box.at(restored('mail/users.sqlite')), readFileSync(box.at(paths.accounts)));
  box.write(restored('mail/mailboxes/example.com/me/new/1'), 'old mail');
  box.write(restored('mailinabox.version'), '15\n');
  // As a cut leaves it: the box's own is away, the restored not yet in its place.
  mkdirSync(box.at(paths.replaced));
  renameSync(box.at(paths.mail), box.at(`${paths.replaced}/mail`));
  await box.init(t);
  t.is(box.read(`${paths.mailboxes}/example.com/me/new/1`), 'old mail');
  t.is(box.read(`${paths.replaced}/mail/users.sqlite`), own);
  t.false(Object.keys(box.tree(paths.backup)).some((file) => file.startsWith(paths.restored)));
});

test('a change of the image’s owner by restore is refused while an earlier one lies there, and into the storage root', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('backup', 'restore', `${paths.storage}/mail`), 1);
  t.regex(box.complaints.join(), /lies in the storage root/);
  mkdirSync(box.at(paths.replaced));
  t.is(await box.box('backup', 'restore', paths.storage), 1);
  t.regex(box.complaints.join(), /replaced is there, of an earlier restore/);
  t.is(await box.box('backup', 'restore', '/root/x', '--time', "1'; id"), 1);
  t.regex(box.complaints.join(), /is no time/);
});

/** A mailbox as a backup brings it: three mails, one of them in another folder. */
function oldMailbox(box: TemporaryBox): void {
  const mail = (file: string, subject: string, from: string, date: string) =>
    box.write(
      `${paths.restoredMail}/${file}`,
      `From: ${from}\nSubject: ${subject}\nMessage-ID: <${file}>\nDate: ${date}\n\nHello\n`,
    );
  mail('cur/1:2,S', 'the =?utf-8?q?=22bill=22?=', 'Ann <ann@example.net>', 'Mon, 16 Nov 2026 10:00:00 +0000');
  mail('new/2', 'something else', 'bob@example.net', 'Tue, 17 Nov 2026 10:00:00 +0000');
  mail('.Entw&APw-rfe/cur/3:2,', 'The "BILL" again', 'me@example.com', 'Wed, 18 Nov 2026 10:00:00 +0000');
  box.write(`${paths.restoredMail}/tmp/4`, 'half a mail');
  box.write(`${paths.restoredMail}/.dovecot.svbin`, 'no folder');
  box.link(`${paths.restoredMail}/cur/5:2,`, '/etc/passwd');
  box.link(`${paths.restoredMail}/.Elsewhere`, box.at('/etc'));
}

test('mail of one account comes back into a folder of its own: all of it, or what is looked for', async (t) => {
  const box = await TemporaryBox.booted(t);
  const asked: string[][] = [];
  /** What Dovecot finds in the copy. */
  let offered: string[] = [];
  let isInBackup = true;
  box.answer = (argv) => {
    const words = argv.map((word) => word.replace(box.root, ''));
    if (/duplicity|doveadm/.test(words[0] ?? '')) asked.push(words);
    if (words[0] === 'df')
      return {
        out: 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda3 1000 500 500 50% /\n',
      };
    if (words.includes('import'))
      offered = Object.keys(box.tree(paths.restoredMail)).filter((file) => /\/(cur|new)\/./.test(file));
    if (words.includes('status')) return { out: 'Restored/INBOX messages=2\nRestored/Sent messages=1\n' };
    if (words.at(-1)?.endsWith(paths.restoredMail) && isInBackup) oldMailbox(box);
    return undefined;
  };
  const at = (...files: string[]) => files.map((file) => `${paths.restoredMail}/${file}`);
  const code = await box.box(
    'backup',
    'mail',
    'Me@Example.com',
    '--time',
    '2026-11-20',
    '--subject',
    'the "bill"',
  );
  t.is(code, 0, box.complaints.join());
  t.is(box.said.at(-1), '3 mails lie in the folder "Restored 20261124T120000Z"');
  const [read = [], copied = []] = asked;
  t.deepEqual(read.slice(read.indexOf('-r'), read.indexOf('-r') + 4), [
    ...['-r', 'mail/mailboxes/example.com/me', '--time', '2026-11-20'],
  ]);
  const to = [`maildir:${paths.restoredMail}`, 'Restored 20261124T120000Z'];
  const account = ['-u', 'me@example.com'];
  t.deepEqual(copied, ['doveadm', '-o', 'mail_plugins=quota', 'import', ...account, ...to, 'all']);
  t.deepEqual(offered, at('.Entw&APw-rfe/cur/3:2,', 'cur/1:2,S'));
  t.false(Object.keys(box.tree(paths.mail)).some((file) => file.startsWith(paths.restoredMail)));

  for (const [words, files] of [
    [[], ['.Entw&APw-rfe/cur/3:2,', 'cur/1:2,S', 'new/2']],
    [['--folder', 'inbox', '--message-id', '<cur/1:2,S>'], ['cur/1:2,S']],
    [['--folder', 'Entwürfe'], ['.Entw&APw-rfe/cur/3:2,']],
    [['--from', 'BOB@'], ['new/2']],
    [['--since', '2026-11-17', '--until', '2026-11-17'], ['new/2']],
  ] as const) {
    t.is(await box.box('backup', 'mail', 'me@example.com', ...words), 0, box.complaints.join());
    t.deepEqual(offered, at(...files), words.join(' '));
  }

  asked.length = 0;
  t.is(await box.box('backup', 'mail', 'me@example.com', '--subject', 'bill', '--look'), 0);
  t.deepEqual(
    [box.said[0]?.replace(/\d+ bytes/, 'N bytes'), ...box.said.slice(1)],
    [
      '2 mails would come back, N bytes',
      'INBOX: 1',
      'Entwürfe: 1',
      '2026-11-18  me@example.com  The "BILL" again',
      '2026-11-16  Ann <ann@example.net>  the "bill"',
    ],
  );
  t.is(await box.box('backup', 'mail', 'me@example.com', '--subject', 'never sent', '--look'), 1);
  t.is(await box.box('backup', 'mail', 'me@example.com', '--subject', 'never sent'), 1);
  t.is(box.said.at(-1), 'no mail in that backup is like that');
  t.false(
    asked.some(([program]) => program === 'doveadm'),
    'the account is not touched',
  );
  t.is(await box.box('backup', 'mail', 'me@example.com', '--since', '2026-13-01'), 1);
  t.regex(box.complaints.join(), /2026-13-01 is no day/);

  isInBackup = false;
  t.is(await box.box('backup', 'mail', 'me@example.com'), 1);
  t.regex(box.complaints.join(), /me@example\.com has no mail in that backup/);
  t.is(await box.box('backup', 'mail', 'nobody@example.com'), 1);
  t.regex(box.complaints.join(), /there is no account nobody@example\.com/);
  t.is(await box.box('backup', 'mail', 'me@example.com', '--time', "1'; id"), 1);
  t.regex(box.complaints.join(), /is no time/);
});

test('once a month a sample is restored and looked at: accounts, and mail byte for byte; the status tells how that went', async (t) => {
  const box = await TemporaryBox.booted(t);
  const mail = (name: string) => `${paths.mailboxes}/example.com/me/cur/${name}`;
  for (const name of ['1:2,S', '2:2,']) box.write(mail(name), `Subject: ${name}\n\nHello.\n`);
  let restores = 0;
  let spoiled = '';
  box.answer = (argv) => {
    const to = argv.at(-1)?.replace(box.root, '') ?? '';
    if (argv[0] === 'df')
      return {
        out: 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda3 1000 500 500 50% /\n',
      };
    if (argv[1] !== 'restore') return undefined;
    restores++;
    if (to.endsWith('users.sqlite')) box.write(to, readFileSync(box.at(paths.accounts)));
    if (to.endsWith('/cur'))
      for (const name of ['1:2,S', '2:2,'])
        box.write(`${to}/${name}`, `Subject: ${name}\n\nHello.\n${spoiled}`);
    if (to.endsWith('/new')) mkdirSync(box.at(to), { recursive: true });
    return undefined;
  };
  const told = async () => {
    await box.box('backup', 'status');
    return box.said.filter((line) => line.includes('backups: ')).at(-1) ?? '';
  };
  t.is(await box.box('backup', 'run'), 0, box.complaints.join());
  t.is(restores, 3);
  t.regex(await told(), /^ok {7}backups: .*; a sample of one was restored on 2026-11-24; /);
  box.now = new Date('2026-12-23T12:00:00Z');
  await box.box('backup', 'run');
  t.is(restores, 3, 'it is no month yet');

  spoiled = 'x';
  box.now = new Date('2026-12-25T12:00:00Z');
  t.is(await box.box('backup', 'run'), 0, 'a backup was made');
  t.regex(
    await told(),
    /^error {4}backups: what a test restored of it is not right: a mail of me@example\.com came back as another: 1:2,S$/,
  );
  spoiled = '';
  await box.box('backup', 'run');
  t.regex(await told(), /^ok {7}backups: .*; a sample of one was restored on 2026-12-25; /);
  t.false(Object.keys(box.tree(paths.backup)).some((file) => file.startsWith(paths.backupSample)));
});

test('the status: off and none are warnings, a failed or an old one is an error', async (t) => {
  const box = await TemporaryBox.booted(t);
  const told = async () => {
    await box.box('backup', 'status');
    return box.said.find((line) => line.includes('backups: ')) ?? '';
  };
  t.regex(await told(), /^warning {2}backups: there is none yet$/);
  const state = (text: object) => box.write(paths.backupState, JSON.stringify(text));
  state({ succeeded: '2026-11-24T01:00:00Z' });
  t.regex(await told(), /^ok {7}backups: the last one was made less than a day ago/);
  state({ succeeded: '2026-11-16T01:00:00Z' });
  t.regex(await told(), /^error {4}backups: the last one is 8 days old$/);
  state({ succeeded: '2026-11-24T01:00:00Z', problem: { what: 'the disk is full', hint: 'x' } });
  t.regex(await told(), /^error {4}backups: the last try failed: the disk is full$/);
  box.write(paths.backupConfig, 'target: "off"\n');
  t.regex(await told(), /^warning {2}backups: are off/);
  box.write(paths.backupConfig, 'target: s3://x/y\ntarget_pass: secret\n');
  await box.box('backup', 'status');
  t.notRegex([...box.said, ...box.complaints].join('\n'), /secret/);
  t.regex(box.complaints.join(), /target is none that a box knows/);
});

test('the page: sizes, and what a target means', (t) => {
  t.deepEqual([0, 999, 1000, 123_456, 12_345_678_901].map(size), [
    '0 B',
    '999 B',
    '1 KB',
    '123 KB',
    '12.3 GB',
  ]);
  t.regex(whereTo('file:///home/user-data/backup/encrypted'), /on this box alone/);
  t.is(whereTo('rsync://me@host.example:22/x'), 'They go to host.example, encrypted.');
  t.is(whereTo('s3://eu-1@host.example/b/x'), 'They go to host.example, encrypted.');
  t.is(whereTo('webdavs://host.example:8443/x@y'), 'They go to host.example, encrypted.');
  t.regex(whereTo('off'), /are off/);
});
