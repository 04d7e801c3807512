/** A box that begins with another one's backup: closed and without a key of its own until that is there, whatever happens on the way. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { documentsOf, settingsOf } from '../rig/owner.ts';
import { type Outcome, outcome, output } from '../rig/program.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { CommandLines } from './world/command-lines.ts';
import { doors } from './world/doors.ts';
import { event } from './world/icalendar.ts';
import { type KeptState, keptState } from './world/kept-state.ts';
import { makeLab, neighbour } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { openTcpPorts } from './world/ports.ts';
import { addAccount, queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-restore-first');
const root = '/home/user-data';
const folder = 'backups/of-the-box';

/** The old box, and another host that has its backups. */
const world = (async () => {
  const lab = await makeLab(kept);
  const other = neighbour(lab.owner);
  const vault = await started(lab, 'vault', other.owner, other.settings);
  const old = await started(lab, 'old', lab.owner);
  const you = await addAccount(old, lab.owner, 'you@example.com');
  const hostKey = (await vault.run('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub')).trim();
  const from = `rsync://root@${vault.host}/${folder}`;
  return { lab, vault, old, me: lab.owner, you, restore: { from, hostKey } };
})();

const letIn = (vault: LabBox, line: string) =>
  vault.run('umask 077; mkdir -p /root/.ssh /root/backups; cat >>/root/.ssh/authorized_keys', `${line}\n`);

/** As the owner does it, from a machine of theirs. */
async function bringsKey(box: LabBox, key: string): Promise<Outcome> {
  const { me } = await world;
  const options = [
    ...['-F', 'none', '-i', me.sshKey, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'],
    ...['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'],
  ];
  const command = ['ssh', ...options, `root@${box.host}`, 'box restore key'];
  return outcome([...box.prefix, ...command], { input: key });
}

/** What would be a box's own. */
const filesOf = async (box: LabBox): Promise<string[]> =>
  (await box.run(`cd ${root} && find . -type f ! -path './backup/cache/*' | sort`)).trim().split('\n');
const reportOf = async (box: LabBox) =>
  JSON.parse(await box.run('cat /run/box/ready.json')) as Record<string, unknown>;
const says = (box: LabBox, words: RegExp) => box.console.match(words);

/** All of a state but the key by which this machine is let in elsewhere, and what no backup holds. */
const comparable = ({ owners, keys, ...state }: KeptState) => ({
  ...state,
  owners: owners.split('\n').filter((line) => !line.includes('postgrey')),
  keys: keys.split('\n').filter((line) => !line.includes('backup/ssh_key')),
});

let left: KeptState;
let key = '';
let fresh: LabBox;

test('first: a person’s state on the old box, and its backup on another host', async (t) => {
  const { vault, old, me, you, restore } = await world;
  await letIn(vault, await old.run(`cat ${root}/backup/ssh_key.pub`));
  await old.run(`cat >${root}/backup/custom.yaml`, `target: ${restore.from}\nmin_age_in_days: 3\n`);
  await old.run('box alias add sales@example.com me@example.com');
  for (const [to, subject] of [
    [me.email, 'one'],
    [me.email, 'marked'],
    [you.email, 'three'],
  ] as const)
    await deliver(old, 25, { from: old.stranger, to, subject });
  await queueIsEmpty(old);
  await old.run(
    `doveadm flags add -u ${me.email} '\\Seen \\Flagged $Forwarded' mailbox INBOX header Subject marked`,
  );
  await old.run(`doveadm mailbox create -s -u ${me.email} 'Grüße'`);
  const put = await request(old, `PUT /SOGo/dav/${me.email}/Calendar/personal/kept.ics`, {
    as: me,
    body: event('kept', 'Kept in the backup', '20270301T09'),
    headers: ['Content-Type: text/calendar'],
  });
  t.is(put.status, 201, put.body);
  t.is((await request(old, 'GET /mail/')).status, 200);
  await old.run('box dns rollover zsk');
  // So much that a restore has a middle.
  await old.run(`head -c 80000000 /dev/urandom >${root}/www/default/large`);
  left = await keptState(old);
  key = await old.run(`cat ${root}/backup/secret_key.txt`);
  t.regex(await old.run('box backup run'), /made: a full backup/);
  await old.powerOff();
});

test('a box that is told of it makes no key and opens no port; it says all that is missing, and how to bring it', async (t) => {
  const { lab, me, restore } = await world;
  fresh = await lab.box('fresh', me, { restore });
  await fresh.start();
  const said = await fresh.console.outcome();
  t.is(said.stage, 'failed');
  t.is(said.step, 'restore');
  t.regex(said.error ?? '', /^the key of the backups is not here yet; \S+ does not let this box in as root$/);
  t.regex(
    said.hint ?? '',
    new RegExp(`ssh root@${fresh.host} box restore key < secret_key\\.txt; add this line`),
  );
  t.true((said.sshHostKeys ?? []).length > 0, 'who brings a key can see whom it is brought to');
  t.deepEqual(await openTcpPorts(lab.outside, fresh.host), [22]);
  t.deepEqual(await filesOf(fresh), ['./backup/known_hosts', './backup/ssh_key', './backup/ssh_key.pub']);
  t.like(await reportOf(fresh), { stage: 'failed', step: 'restore', fenceOpen: false });
  t.regex(await fresh.run('cat /etc/motd'), /stays CLOSED: restore: .*\n.*box restore key < secret_key/);
  t.is((await fresh.outcome('pgrep -x "master|dovecot|nginx|nsd"')).stdout, '');
});

test('another key than that of the backups is refused, and one that is none is not taken', async (t) => {
  const { vault } = await world;
  const line = /authorized_keys there: (ssh-ed25519 \S+ backup of \S+)/.exec(fresh.console.text())?.[1];
  await letIn(vault, line ?? '');
  const none = await bringsKey(fresh, 'a word\n');
  t.is(none.code, 1);
  t.regex(none.stderr, /^box: what was given is no key of backups: .*secret_key\.txt$/m);
  const wrong = await bringsKey(
    fresh,
    `${Buffer.alloc(2048, 7)
      .toString('base64')
      .match(/.{1,64}/g)
      ?.join('\n')}\n`,
  );
  t.is(wrong.code, 0, wrong.stderr);
  await says(fresh, /stays CLOSED: restore: these backups were not made with the key that was brought/);
  t.deepEqual(await openTcpPorts((await world).lab.outside, fresh.host, 1024), [22]);
});

test('a network that is gone is said; when it is back, the box goes on by itself', async (t) => {
  const { lab } = await world;
  await lab.outside.ip('link', 'set', 'to-vault', 'down');
  const commandLines = new CommandLines();
  const { code, stderr } = await commandLines.watch(() => bringsKey(fresh, key.replaceAll('\n', '\r\n')));
  t.is(code, 0, stderr);
  t.true(commandLines.holding(['start.cjs restore key']).length > 0);
  t.deepEqual(commandLines.holding([key.split('\n')[0] ?? '']), [], 'the key is on no command line');
  await says(fresh, /stays CLOSED: restore: \S+ can’t be reached/);
  await lab.outside.ip('link', 'set', 'to-vault', 'up');
  await says(fresh, /Letterbox: restoring rsync:/);
});

test('a power cut in the middle: the key is still there, and all is brought anew', async (t) => {
  const unfinished = path.join(fresh.folder, 'upper', root, 'backup/restored.new');
  await waitFor('the first files', () => (existsSync(unfinished) ? true : undefined), { everyMs: 20 });
  await fresh.kill();
  t.true(existsSync(unfinished));
  t.false(existsSync(path.join(fresh.folder, 'upper', root, 'mailinabox.version')));
  await fresh.start();
  const said = await fresh.console.outcome();
  t.is(said.stage, 'ready', `${said.step}: ${said.error} (${said.hint})`);
  t.regex(fresh.console.text(), /Letterbox: restoring rsync:(?:.*\n)+?.*box init: restore: made in/);
});

test('it is the old box: keys, accounts, passwords, mails with their flags, calendars, the webmail', async (t) => {
  const { me, you } = await world;
  t.deepEqual(comparable(await keptState(fresh)), comparable(left));
  for (const account of [me, you])
    for (const { name, knock } of doors.filter(({ name: door }) =>
      /IMAP|submission$|panel|CalDAV/.test(door),
    ))
      t.is(await knock(fresh, account), 'open', `${name}, ${account.email}`);
  const got = await request(fresh, `GET /SOGo/dav/${me.email}/Calendar/personal/kept.ics`, { as: me });
  t.regex(got.body, /SUMMARY:Kept in the backup/);
  t.deepEqual(await subjects(fresh, me.email), ['marked', 'one']);
  t.is((await fresh.run(`stat -c %s ${root}/www/default/large`)).trim(), '80000000');
  // Nothing is left of the way here, and no own state was set aside, since there was none.
  t.deepEqual(
    (await fresh.run(`ls -A ${root}/backup`))
      .trim()
      .split('\n')
      .filter((name) => /restored|replaced|peek|removed/.test(name)),
    [],
  );
  // The old key is its own now; where its backups go is its owner's to say.
  t.regex(await fresh.run('box backup run'), /made: a full backup/);
  t.regex(await fresh.run('box backup status'), /^target: local,/);
  const late = await bringsKey(fresh, key);
  t.regex(late.stderr, /this box has its state already, and keeps its key/);
});

test('it is done once: neither a reboot nor another instance id brings the old state back', async (t) => {
  const { me } = await world;
  await fresh.run(`doveadm mailbox create -u ${me.email} 'made afterwards'`);
  await fresh.powerOff();
  const { documents } = fresh.options;
  const metaData = documents.metaData.replace(/instance-id: .*/, 'instance-id: another');
  t.not(metaData, documents.metaData);
  await fresh.start({ ...documents, metaData });
  const said = await fresh.console.outcome();
  t.is(said.stage, 'ready', `${said.step}: ${said.error}`);
  t.notRegex(fresh.console.text(), /restoring/);
  t.regex(await fresh.run(`doveadm mailbox list -u ${me.email}`), /^made afterwards$/m);
  await fresh.powerOff();
});

test('files that its owner brings are as good as another host', async (t) => {
  const { lab, vault, me } = await world;
  await vault.powerOff();
  const box = await lab.box('brought', me, { restore: { from: 'local' } });
  await box.start();
  const said = await box.console.outcome();
  t.regex(said.error ?? '', /encrypted holds no whole backup$/);
  t.deepEqual(await openTcpPorts(lab.outside, box.host), [22]);
  const files = path.join(vault.folder, 'upper/root', folder);
  await output(['cp', '-r', `${files}/.`, `/proc/${box.leader}/root${root}/backup/encrypted/`]);
  t.is((await bringsKey(box, key)).code, 0);
  await box.console.match(/is ready\./);
  t.deepEqual(comparable(await keptState(box)), comparable(left));
  await box.powerOff();
});

test('a state that is there already is not put aside for a backup: the box says so and stays closed', async (t) => {
  const { old, me, restore } = await world;
  await old.start(documentsOf(me, settingsOf(me, { restore: { ...restore, time: '2026-11-26' } })));
  const said = await old.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(said.error ?? '', /has a state already, which did not come from rsync:/);
  t.regex(said.hint ?? '', /remove box\.restore/);
  const keys = await old.run(`cd ${root} && sha256sum ssl/ssl_private_key.pem backup/secret_key.txt`);
  t.true(left.keys.includes(keys.split('\n')[0] ?? ''));
  const brought = await bringsKey(old, key);
  t.regex(brought.stderr, /has a state already/);
  t.is(await old.run(`cd ${root} && sha256sum ssl/ssl_private_key.pem backup/secret_key.txt`), keys);
});
