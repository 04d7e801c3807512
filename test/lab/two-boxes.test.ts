/** Two boxes from one image, with the very same user-data, share no secret; and a running box shows none to anyone. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../boot/artefacts.ts';
import { receives, submits } from '../boot/behaviour.ts';
import { Reader } from '../boot/mail.ts';
import { hostname } from '../boot/owner.ts';
import { sharedContentAllowed } from '../boot/shared-content.ts';
import { fileTree, sharedFiles } from './file-tree.ts';
import { makeLab } from './lab.ts';
import { findSecrets, isWorldReadable } from './secrets.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-two-boxes'));
const pair = lab.then(({ box, owner }) => Promise.all([box('one', owner), box('two', owner)]));
const argvs = new Set<string>();
const hostProcesses = readlinkSync('/proc/self/ns/pid');

test('both boot; every command line of the first boot is watched', async (t) => {
  const boxes = await pair;
  for (const box of boxes) box.start();
  const watch = setInterval(sampleCommandLines, 3);
  const said = await Promise.all(boxes.map((box) => box.console.outcome(120)));
  clearInterval(watch);
  t.deepEqual(
    said.map(({ stage }) => stage),
    ['ready', 'ready'],
  );
  const [one, two] = said;
  t.not(one?.certificateSha256, two?.certificateSha256);
  for (const key of one?.sshHostKeys ?? []) t.false(two?.sshHostKeys?.includes(key));
});

test('they move a mail, so that every program has had the password in its hands', async (t) => {
  const [box] = await pair;
  const { owner } = await lab;
  const reader = await Reader.of(box, hostname, owner, box.folder);
  await receives(t, box, owner, reader);
  const watch = setInterval(sampleCommandLines, 3);
  await submits(t, box, owner, reader);
  // The box's own way to set a password, as an administrator would use it.
  const again = `second-${Math.random().toString(36).slice(2)}`;
  await box.run('box account password you@example.com || true', `${again}\n`);
  clearInterval(watch);
  t.deepEqual(
    [...argvs].filter((argv) => argv.includes(again)),
    [],
  );
});

test('no command line held the password, its hash or a key', async (t) => {
  const { owner } = await lab;
  t.true(argvs.size > 20, `${argvs.size} command lines were seen`);
  const secrets = [owner.password, owner.passwordHash, '$6$', 'PRIVATE KEY'];
  t.deepEqual(
    [...argvs].filter((argv) => secrets.some((secret) => argv.includes(secret))),
    [],
  );
});

test('no file that everyone may read, no log and no console holds one', async (t) => {
  const { owner } = await lab;
  for (const box of await pair) {
    const upper = path.join(box.folder, 'upper');
    const found = await findSecrets([upper], [owner.password, owner.passwordHash]);
    const bad = found.filter(
      (finding) => isWorldReadable(finding) || finding.path.startsWith(path.join(upper, 'var/log')),
    );
    t.deepEqual(bad, []);
    const inMemory = await findSecrets([box.console.path], [owner.password, owner.passwordHash]);
    t.deepEqual(inMemory, []);
    const journal = await box.run('journalctl --no-pager --output=cat');
    t.false(
      [owner.password, owner.passwordHash, 'PRIVATE KEY-----'].some((secret) => journal.includes(secret)),
    );
    // /run is memory, and not in the upper layer.
    const run = await box.run(
      'find /run /dev/shm -xdev -type f -perm -0004 -size -1024k -exec grep -laE "PRIVATE KEY-----|[$]6[$]" {} + || true',
    );
    t.is(run.trim(), '');
  }
});

test('what both wrote alike holds nothing of its own: each such file is known, with the reason', async (t) => {
  const [one, two] = (await pair).map((box) => fileTree(path.join(box.folder, 'upper')));
  t.true(one?.has('/home/user-data/ssl/ssl_private_key.pem'));
  const shared = sharedFiles(one ?? new Map(), two ?? new Map());
  t.deepEqual(
    shared.filter((file) => !sharedContentAllowed.some(({ pattern }) => pattern.test(file))),
    [],
  );
});

/** The command line of every process inside a box, as anyone there could read it at that moment. */
function sampleCommandLines(): void {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      // Processes of the host itself are not the box's.
      if (readlinkSync(`/proc/${pid}/ns/pid`) === hostProcesses) continue;
      argvs.add(readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim());
    } catch {
      // It has ended in between.
    }
  }
}
