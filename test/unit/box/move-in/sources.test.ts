/** Moving in from another host and from a backup: what is brought here, what goes on after a cut, and what is refused before anything is. */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import type { Outcome } from '../../../../box/machine/machine.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { sourceOf } from '../../../../box/move-in/sources/source.ts';
import { filesOfLastChain } from '../../../../box/storage/backup/sets.ts';
import { fetchArgv, targetOf } from '../../../../box/storage/backup/target.ts';
import { TemporaryBox } from '../temporary-box.ts';

const root = 'rsync://root@old.example//home/user-data';
const backups = 'rsync://root@old.example:2222/backups';
const brought = `${paths.backup}/old-box`;
const phrase = 'k'.repeat(64);
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOcchh7sbi5gxyQsbZJqY3uCpDYeF7GU0+xCei1s6gqp';

const set = (name: string) => [`${name}.vol1.difftar.gpg`, `${name}.manifest.gpg`];
const chain = [
  ...set('duplicity-full.20261120T010000Z'),
  'duplicity-full-signatures.20261120T010000Z.sigtar.gpg',
  ...set('duplicity-inc.20261120T010000Z.to.20261121T010000Z'),
];
const earlier = set('duplicity-full.20261101T010000Z');
const begun = ['duplicity-inc.20261121T010000Z.to.20261122T010000Z.vol1.difftar.gpg'];
const listing = (names: readonly string[]) =>
  names.map((name) => `-rw-------      2,048,000 2026/11/20 01:00:10 ${name}\n`).join('');

/** What the other host and duplicity do. */
interface Elsewhere {
  names: readonly string[];
  version: string;
  rsync?: Partial<Outcome>;
  duplicity?: Partial<Outcome>;
  /** In kilobytes. */
  free: number;
  /** How often files were copied, and a backup read. */
  copied: string[];
  read: number;
}

/** A box, and an old one that has one account. */
async function ready(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const elsewhere: Elsewhere = {
    names: ['mailinabox.version'],
    version: '15\n',
    free: 900_000,
    copied: [],
    read: 0,
  };
  const layRoot = (folder: string) => {
    mkdirSync(box.at(`${folder}/mail`), { recursive: true });
    writeFileSync(box.at(`${folder}/mail/users.sqlite`), readFileSync(box.at(paths.accounts)));
    box.write(`${folder}/mailinabox.version`, elsewhere.version);
  };
  box.answer = (argv, input) => {
    const words = argv.map((word) => word.replace(box.root, ''));
    const [program = ''] = words;
    const to = words.at(-1)?.replace(/\/$/, '') ?? '';
    if (program === 'cp') writeFileSync(String(argv[3]), readFileSync(String(argv[2])));
    if (program === 'df') return { out: `x\n/dev/x 1000000 100000 ${elsewhere.free} 10% /\n` };
    if (program === 'rsync') {
      if (elsewhere.rsync !== undefined) return elsewhere.rsync;
      box.write(
        paths.backupKnownHosts,
        `old.example,[old.example]:2222 ${hostKey}\n[old.example]:2222 ${hostKey}\n`,
      );
      if (words.includes('--list-only')) return { out: listing(elsewhere.names) };
      if (words.includes('--dry-run'))
        return { out: 'Total file size: 209715200 bytes\nTotal transferred file size: 104857600 bytes\n' };
      if (words.includes('--recursive') && words.includes('-e')) {
        elsewhere.copied.push(input === '' ? 'all' : input);
        if (input === '') layRoot(to);
        else
          for (const name of input.trim().split('\n'))
            box.write(`${to}/${name}`, name === 'mailinabox.version' ? elsewhere.version : 'x');
      }
    }
    if (program !== paths.duplicity) return {};
    t.is(words[1], '--key');
    t.is(box.read(words[2] ?? ''), `${phrase}\n`);
    t.is(statSync(box.at(words[2] ?? '')).mode & 0o777, 0o600);
    if (elsewhere.duplicity !== undefined) return elsewhere.duplicity;
    if (words.includes('-r')) box.write(to, elsewhere.version);
    else {
      elsewhere.read++;
      layRoot(to);
    }
    return {};
  };
  box.write('/root/secret_key.txt', `\uFEFF${phrase}\r\n${'m'.repeat(64)}\r\n`);
  const moveIn = async (...words: string[]) => {
    const code = await box.box('move-in', ...words);
    const problems = box.said.flatMap((line, i) =>
      line.startsWith('problem') ? [`${line.slice(9)}${box.said[i + 1]?.slice(8)}`] : [],
    );
    return { code, problems, said: box.said.join('\n') };
  };
  return { box, elsewhere, moveIn };
}

test('a source is a folder, or another host in the words of a backup’s target', (t) => {
  t.deepEqual(sourceOf('/mnt/old/', undefined), { from: '/mnt/old', name: '/mnt/old' });
  t.deepEqual(sourceOf(backups, '/root/key'), {
    from: { kind: 'rsync', user: 'root', host: 'old.example', port: 2222, path: 'backups' },
    name: backups,
    key: '/root/key',
  });
  for (const other of ['s3://host/bucket', 'b2://id:key@bucket', 'sftp://me@host/x', 'file:///x'])
    t.throws(() => sourceOf(other, undefined), {
      message: `${other.split(':')[0]}:// is nothing that a box moves in from`,
    });
  for (const wrong of [
    'rsync://old.example/x',
    'rsync://root@old.example:99999/x',
    'rsync://root@h/a b',
    'rsync://root@h/../x',
  ])
    t.throws(() => sourceOf(wrong, undefined), { message: /names no folder of another host/ }, wrong);
});

test('rsync copies with numbers of owners, fills a backup’s file that was cut, and opens the host by the box’s own key alone', (t) => {
  const target = targetOf({ target: backups });
  if (target.kind !== 'rsync') throw new Error(target.kind);
  const argv = fetchArgv(target, '/to', { without: ['/x'] });
  for (const word of ['--numeric-ids', '--partial', '--delete', '--hard-links', '--exclude=/x'])
    t.true(argv.includes(word));
  const files = fetchArgv(target, '/to', { only: true });
  t.true(files.includes('--inplace') && files.includes('--files-from=-') && !files.includes('--delete'));
  t.deepEqual(argv.slice(-2), ['root@old.example:backups/', '/to/']);
  const ssh = argv[argv.indexOf('-e') + 1] ?? '';
  for (const words of [
    'ssh -F none',
    `-i ${paths.backupSshKey}`,
    'accept-new',
    paths.backupKnownHosts,
    '-p 2222',
  ])
    t.true(ssh.includes(words), words);
});

test('of the backups at a place the last whole chain is fetched, and nothing else', (t) => {
  const files = [...earlier, ...chain, ...begun, 'notes.txt'].map((name) => ({ name, size: 1 }));
  t.deepEqual(
    filesOfLastChain(files).map(({ name }) => name),
    chain,
  );
});

test('a storage root of another host is brought below backup, looked at, and taken; a second run brings what changed', async (t) => {
  const { box, elsewhere, moveIn } = await ready(t);
  const dry = await moveIn(root, '--dry-run');
  t.is(dry.code, 0, dry.said + box.complaints.join());
  t.regex(
    dry.said,
    /^the key of old\.example: SHA256:vjH2adQwS1E1FPNke\+tUV5UqHz\+X6xRiRaKtO6hd\+6I \(ED25519\)$/m,
  );
  t.regex(dry.said, /^fetching rsync:\/\/root@old\.example\/\/home\/user-data: 200 MiB$/m);
  t.regex(dry.said, /^Mail-in-a-Box, layout version 15$/m);
  t.false(existsSync(box.at(paths.restored)));
  t.is(statSync(box.at(brought)).mode & 0o777, 0o700);
  const done = await moveIn(root);
  t.is(done.code, 0, done.said);
  t.deepEqual(elsewhere.copied, ['mailinabox.version\n', 'all', 'mailinabox.version\n', 'all']);
  t.true(existsSync(box.at(`${paths.restored}/mail/users.sqlite`)));
  // One that is no longer wanted there lies ready: told before hours are spent.
  const third = await moveIn(root);
  t.deepEqual(third.problems, [
    `${paths.restored} is there, of an earlier restore -> look through it, and remove it`,
  ]);
  t.is(elsewhere.copied.length, 4);
});

for (const [where, from] of [
  ['another host', backups],
  ['a folder', '/mnt/encrypted'],
] as const)
  test(`a backup in ${where} is read by its key, which is in no command line; once it is here it is not read again`, async (t) => {
    const { box, elsewhere, moveIn } = await ready(t);
    elsewhere.names = [...earlier, ...chain, ...begun];
    if (from !== backups) for (const name of elsewhere.names) box.write(`${from}/${name}`, 'x');
    const dry = await moveIn(from, '--key', '/root/secret_key.txt', '--dry-run');
    t.is(dry.code, 0, dry.said + box.complaints.join());
    t.is(elsewhere.read, 1);
    t.deepEqual(
      elsewhere.copied.map((names) => names.trim().split('\n')),
      from === backups ? [chain.filter((name) => name.includes('manifest')), chain] : [],
    );
    const everything = [...box.said, ...box.complaints, ...box.users.flatMap(({ argv }) => argv)].join(' ');
    t.false(everything.includes(phrase));
    t.false(existsSync(box.at('/run/box/move-in-key')));
    t.false(existsSync(box.at(`${paths.backup}/old-backup`)));
    t.is((await moveIn(from, '--key', '/root/secret_key.txt')).code, 0);
    t.is(elsewhere.read, 1);
    t.true(existsSync(box.at(`${paths.restored}/mail/users.sqlite`)));
  });

test('what a cut left of a backup that was being read is thrown away; its files, which were fetched, are not', async (t) => {
  const { box, elsewhere, moveIn } = await ready(t);
  elsewhere.names = chain;
  box.write(`${brought}.new/mail/half`, 'half');
  box.write(`${paths.backup}/old-backup/${chain[0]}`, 'x');
  const { code, said } = await moveIn(backups, '--key', '/root/secret_key.txt', '--dry-run');
  t.is(code, 0, said);
  t.false(existsSync(box.at(`${brought}/mail/half`)));
  t.true(existsSync(box.at(`${brought}/mail/users.sqlite`)));
  // A newer backup there is read in the place of the older one.
  elsewhere.names = [...chain, ...set('duplicity-inc.20261121T010000Z.to.20261122T010000Z')];
  await moveIn(backups, '--key', '/root/secret_key.txt', '--dry-run');
  t.is(elsewhere.read, 2);
});

test('what is wrong with the key and with the place is told together, each with its remedy, and nothing is brought', async (t) => {
  const { box, elsewhere, moveIn } = await ready(t);
  const before = box.tree(paths.backup);
  elsewhere.rsync = { code: 255, err: 'root@old.example: Permission denied (publickey).\n' };
  const line = box.read(`${paths.backupSshKey}.pub`).trim();
  t.deepEqual((await moveIn(backups, '--key', '/root/missing')).problems, [
    '/root/missing is no file -> name the old box’s backup/secret_key.txt, the whole file: --key secret_key.txt',
    `old.example does not let this box in as root -> add this line to root’s authorized_keys there, then again: ${line}`,
  ]);
  box.write('/root/short', 'short\n');
  elsewhere.rsync = {
    code: 255,
    err: '@ REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.\n',
  };
  const { problems, said } = await moveIn(backups, '--key', '/root/short');
  t.regex(problems[0] ?? '', /^\/root\/short holds no key of backups: its first line must be 43 or more/);
  t.regex(
    problems[1] ?? '',
    /^old\.example shows another key than before -> if that is right, remove its line from /,
  );
  t.regex(said, /^nothing was done$/m);
  elsewhere.rsync = { code: 255, err: 'ssh: connect to host old.example port 22: Connection refused\n' };
  t.regex((await moveIn(root)).problems.join(), /^old\.example can’t be reached -> is it on/);
  elsewhere.rsync = {};
  t.regex(
    (await moveIn(root)).problems.join(),
    /user-data has no mailinabox\.version -> it is the storage root/,
  );
  t.regex(
    (await moveIn(backups, '--key', '/root/secret_key.txt')).problems.join(),
    /backups holds no whole backup -> it is the folder with the files duplicity-full/,
  );
  elsewhere.rsync = { out: listing(chain) };
  t.regex(
    (await moveIn(backups)).problems.join(),
    /holds backups -> name the file with their key too: --key/,
  );
  t.deepEqual(box.tree(paths.backup), before);
  t.is(await box.box('move-in', 's3://host/bucket'), 1);
  t.regex(box.complaints.join(), /s3:\/\/ is nothing that a box moves in from -> name a folder, or rsync:/);
});

test('a key that does not fit is told once the smallest files are here, and a layout that is not understood before the rest is', async (t) => {
  const { elsewhere, moveIn } = await ready(t);
  elsewhere.names = chain;
  elsewhere.duplicity = { code: 31, err: 'gpg: decryption failed: Bad session key\n' };
  t.deepEqual((await moveIn(backups, '--key', '/root/secret_key.txt')).problems, [
    `the backup in ${backups} was not made with the key in /root/secret_key.txt -> name the secret_key.txt of the box that made it: --key secret_key.txt`,
  ]);
  t.is(elsewhere.copied.length, 1);
  delete elsewhere.duplicity;
  elsewhere.version = '9\n';
  t.regex(
    (await moveIn(backups, '--key', '/root/secret_key.txt')).problems.join(),
    /says "9"; 10 to 15 are understood/,
  );
  t.is(elsewhere.read, 0);
  elsewhere.names = ['mailinabox.version'];
  t.regex((await moveIn(root)).problems.join(), /says "9"; 10 to 15 are understood/);
  t.false(elsewhere.copied.includes('all'));
});

test('a disk without the room is told before anything is copied', async (t) => {
  const { box, elsewhere, moveIn } = await ready(t);
  // 100 MiB are to come, and 200 to be copied then; 10% are kept.
  elsewhere.free = 340_000;
  t.regex(
    (await moveIn(root)).problems.join(),
    /^the disk has not the room: 300 MiB are copied, 333 MiB are free, and the last 10% are kept for mail -> grow/,
  );
  t.deepEqual(elsewhere.copied, ['mailinabox.version\n']);
  elsewhere.names = chain;
  elsewhere.free = 25_000;
  const low = await moveIn(backups, '--key', '/root/secret_key.txt');
  t.regex(low.problems.join(), /^the disk has not the room/);
  t.false(existsSync(box.at(`${paths.backup}/old-backup`)));
});

test('what lies in that folder and came from elsewhere is not touched', async (t) => {
  const { box, moveIn } = await ready(t);
  box.write(`${brought}/mine`, 'kept');
  t.deepEqual((await moveIn(root)).problems, [
    `${brought} is there, and was not brought by this command -> give it another name, or remove it`,
  ]);
  t.is(box.read(`${brought}/mine`), 'kept');
  rmSync(box.at(brought), { recursive: true });
  t.is((await moveIn(root, '--dry-run')).code, 0);
  t.deepEqual((await moveIn('rsync://root@other.example//home/user-data')).problems, [
    `${brought} came from ${root} -> remove it, then again`,
  ]);
  renameSync(box.at(brought), box.at('/mnt-old'));
});

test('a user who may not read all of it is told so, and not that the host is shut', async (t) => {
  const { elsewhere, moveIn, box } = await ready(t);
  const { answer } = box;
  box.answer = (argv, input) =>
    argv[0] === 'rsync' &&
    !argv.includes('--list-only') &&
    input === '' &&
    !argv.includes('--dry-run') &&
    argv.includes('-e')
      ? { code: 23, err: 'rsync: [sender] opendir "/home/user-data/mail" failed: Permission denied (13)\n' }
      : answer(argv, input);
  t.regex(
    (await moveIn(root)).problems.join(),
    /^root may not read all of it on old\.example: rsync: \[sender\] opendir .* -> name a user who may/,
  );
  t.is(elsewhere.copied.length, 1);
});
