/** Two boxes from one image, with the very same user-data, share no secret; and a running box shows none to anyone. */
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { receives, submits } from '../rig/behaviour.ts';
import { Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { unexplained } from '../rig/shared-content.ts';
import { clusterIdentity } from './world/cluster-identity.ts';
import { CommandLines } from './world/command-lines.ts';
import { fileTree, sharedFiles } from './world/file-tree.ts';
import { makeLab } from './world/lab.ts';
import { findSecrets, isWorldReadable } from './world/secrets.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-two-boxes'));
const pair = lab.then(({ box, owner }) => Promise.all([box('one', owner), box('two', owner)]));
const second = { email: 'second@example.com', password: `second-${randomBytes(9).toString('hex')}` };
const secrets = lab.then(({ owner }) => [owner.password, owner.passwordHash, second.password]);
const commandLines = new CommandLines();

test('both boot, each with keys of its own', async (t) => {
  const boxes = await pair;
  await Promise.all(boxes.map((box) => box.start()));
  const [one, two] = await commandLines.watch(() => Promise.all(boxes.map((box) => box.console.outcome())));
  t.deepEqual([one?.stage, two?.stage], ['ready', 'ready']);
  t.not(one?.certificateSha256, two?.certificateSha256);
  for (const key of one?.sshHostKeys ?? []) t.false(two?.sshHostKeys?.includes(key));
  const [of, other] = await Promise.all(boxes.map(clusterIdentity));
  t.not(of?.identifier, other?.identifier);
  t.not(of?.nonce, other?.nonce);
});

test('mail moves and an account is added: every program has a password in its hands', async (t) => {
  const [box] = await pair;
  const { owner } = await lab;
  const reader = await Reader.of(box, hostname, owner, box.folder);
  await commandLines.watch(async () => {
    await receives(t, box, owner, reader);
    await submits(t, box, owner, reader);
    await box.run(`box account add ${second.email}`, `${second.password}\n`);
  });
  const inbox = await new Reader(box, hostname, second, reader.certificate).curl(
    `imaps://${hostname}:993/INBOX`,
  );
  t.is(inbox.code, 0, inbox.stderr);
});

test('no command line held a password, a hash or a key', async (t) => {
  t.true(commandLines.seen.size > 20, `${commandLines.seen.size} command lines were seen`);
  t.deepEqual(commandLines.holding([...(await secrets), 'PRIVATE KEY']), []);
});

test('no file that everyone may read, no log and no console holds one', async (t) => {
  for (const box of await pair) {
    const upper = path.join(box.folder, 'upper');
    const written = await findSecrets([upper], await secrets);
    t.true(written.length > 0, 'the search finds at least the keys themselves');
    const isLog = ({ path: file }: { path: string }) => file.startsWith(path.join(upper, 'var/log/'));
    const bad = written.filter((finding) => isWorldReadable(finding) || isLog(finding));
    t.deepEqual(bad, []);
    t.deepEqual(await findSecrets([box.console.path], await secrets), []);
    const journal = await box.run('journalctl --no-pager --output=cat');
    const inJournal = [...(await secrets), 'PRIVATE KEY-----'].filter((secret) => journal.includes(secret));
    t.deepEqual(inJournal, []);
    // Memory is no part of the upper layer. /run/host is what systemd-nspawn tells about the host.
    const memory =
      'find /run /dev/shm -xdev -path /run/host -prune -o -type f -perm -0004 -size -1024k -print';
    const search = "xargs -r grep -laE 'PRIVATE KEY-----|[$]6[$]'";
    t.is((await box.run(`${memory} | ${search} || true`)).trim(), '');
  }
});

test('what both wrote alike is known, file by file, with the reason', async (t) => {
  const [one, two] = (await pair).map((box) => fileTree(path.join(box.folder, 'upper')));
  if (one === undefined || two === undefined) throw new Error('two boxes');
  for (const made of [
    '/etc/machine-id',
    '/home/user-data/ssl/ssl_private_key.pem',
    '/etc/roundcube/des_key',
  ]) {
    t.true(one.has(made) && two.has(made), made);
  }
  t.deepEqual(unexplained(sharedFiles(one, two)), []);
});
