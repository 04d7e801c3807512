/** Moving in from where an old box really is: from its host by rsync, and from the backup that duplicity made with Mail-in-a-Box's options. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { CommandLines } from './world/command-lines.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { makeOldBox, type OldBox } from './world/old-box.ts';
import { bootsAgain, logsIn, started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-move-in-sources');
const root = '/home/user-data';
const ready = makeLab(kept).then(async (lab) => {
  const [box, host] = [await started(lab, 'box', lab.owner), await started(lab, 'old', lab.owner)];
  return { box, host, latest: await makeOldBox(host, 15), first: await makeOldBox(host, 10) };
});
const commandLines = new CommandLines();

const moveIn = (box: LabBox, words: string) => box.outcome(`box move-in ${words}`, '', 600);

async function movesIn(box: LabBox, words: string): Promise<string> {
  const { code, stdout, stderr } = await moveIn(box, words);
  if (code !== 0) throw new Error(`box move-in ${words}: ${stderr}${stdout}`);
  return stdout;
}

/** Log-ins by the old passwords, mail, and the keys that others know. */
async function isThere(t: ExecutionContext, box: LabBox, old: OldBox): Promise<void> {
  t.is(await logsIn(box, old.ann), 0, 'ann');
  t.is(await logsIn(box, old.bob), 0, 'bob');
  const seen = await box.run(
    `doveadm -f tab fetch -u ${old.ann.email} 'uid flags hdr.subject' mailbox INBOX`,
  );
  t.regex(seen, /^7\t\\Flagged \\Seen\tseen and flagged$/m);
  const ds = JSON.parse(await box.run('box dns ds --json')) as Record<string, string>[];
  const ours = ds.filter(({ zone, digestType }) => zone === 'old.example' && String(digestType) === '2');
  t.deepEqual(ours.map((it) => `${it.keyTag} ${it.algorithm} ${it.digest?.toUpperCase()}`).sort(), old.ds);
}

/** As management/backup.py calls it, with the first line of the key in the environment. */
async function backsUp(host: LabBox, { folder }: OldBox, kind: 'full' | 'incr'): Promise<string> {
  await host.run(`cd ${folder}/backup
    [ -f secret_key.txt ] || (umask 077; openssl rand -base64 2048 >secret_key.txt)
    mkdir -p encrypted
    PASSPHRASE=$(head -n 1 secret_key.txt) duplicity ${kind} --verbosity warning --no-print-statistics --archive-dir cache \
      --exclude ${folder}/backup --exclude ${folder}/owncloud-backup --volsize 250 --gpg-options=--cipher-algo=AES256 \
      --allow-source-mismatch ${folder} file://${folder}/backup/encrypted`);
  return host.run(`cat ${folder}/backup/secret_key.txt`);
}

test('the old host is opened by a line that its owner adds; the key that it shows first is kept, and told', async (t) => {
  const { box, host, latest } = await ready;
  const source = `rsync://root@${host.host}/${latest.folder}`;
  const shut = await moveIn(box, source);
  t.is(shut.code, 1, shut.stdout + shut.stderr);
  const [, line = ''] =
    /does not let this box in as root\n +-> .*, then again: (ssh-ed25519 .*)$/m.exec(shut.stdout) ?? [];
  t.is(line, (await box.run(`cat ${root}/backup/ssh_key.pub`)).trim());
  await host.run('umask 077; mkdir -p /root/.ssh; cat >>/root/.ssh/authorized_keys', `${line}\n`);
  const none = await moveIn(box, `rsync://root@${host.host}//srv/nothing`);
  t.regex(none.stdout, /nothing has no mailinabox\.version/);
  const shown = await box.run(`ssh-keygen -lf ${root}/backup/known_hosts`);
  const print = /SHA256:\S+/.exec(shown)?.[0] ?? 'none';
  t.true(none.stdout.includes(`the key of ${host.host}: ${print} (ED25519)`), none.stdout);
  t.true((await host.run('ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub')).includes(print));
});

test('by rsync: what is brought days before is only completed at the switch, and a run that was cut goes on', async (t) => {
  const { box, host, latest } = await ready;
  const source = `rsync://root@${host.host}/${latest.folder}`;
  await host.run(`head -c 300000000 /dev/urandom >${latest.folder}/www/default/large`);
  await box.run(
    `systemd-run --quiet --collect --unit=cut --property=KillMode=control-group box move-in ${source} --dry-run`,
  );
  await waitFor('a part of it', async () =>
    (await box.outcome(`find ${root}/backup/old-box/www -name '*large*' -size +10M | grep .`)).code === 0
      ? true
      : undefined,
  );
  await box.run('systemctl kill --signal=KILL cut');
  const inode = await box.run(`stat -c %Y ${root}/backup/old-box/mailinabox.version`);
  const dry = await movesIn(box, `${source} --dry-run`);
  t.regex(dry, /^fetching rsync:\/\/\S+: \d+ MiB$/m);
  t.regex(dry, /^comes {4}accounts: 3 accounts/m);
  t.is(await box.run(`stat -c %Y ${root}/backup/old-box/mailinabox.version`), inode);
  t.is((await box.outcome(`test -e ${root}/backup/restored`)).code, 1);
  // Meanwhile one mail more has come, and a file has gone.
  const inbox = `${latest.folder}/mail/mailboxes/old.example/ann`;
  await host.run(`rm ${latest.folder}/www/default/large
    printf 'Subject: the last one\\r\\n\\r\\nHello.\\r\\n' >${inbox}/new/1400000009.M9P9.old`);
  await movesIn(box, source);
  await bootsAgain(box);
  await isThere(t, box, latest);
  t.regex(await box.run(`doveadm fetch -u ${latest.ann.email} hdr.subject all`), /the last one/);
  t.is((await box.outcome(`test -e ${root}/www/default/large`)).code, 1);
  await box.run(`rm -r ${root}/backup/replaced ${root}/backup/old-box`);
});

test('from a backup on the old host: its key is told wrong before the rest is brought; then the last increment becomes the box’s state', async (t) => {
  const { box, host, first } = await ready;
  const source = `rsync://root@${host.host}/${first.folder}/backup/encrypted`;
  const key = await backsUp(host, first, 'full');
  await host.run(`echo later >${first.folder}/www/default/later.html`);
  await backsUp(host, first, 'incr');
  const unnamed = await moveIn(box, source);
  t.regex(unnamed.stdout, /holds backups\n +-> name the file with their key too: --key/);
  await box.run('umask 077; cat >/root/wrong.txt', key.replace(/^.{10}/, 'AAAAAAAAAA'));
  const wrong = await moveIn(box, `${source} --key /root/wrong.txt`);
  t.is(wrong.code, 1);
  t.regex(
    wrong.stdout,
    /^problem {2}the backup in rsync:\S+ was not made with the key in \/root\/wrong\.txt$/m,
  );
  t.notRegex(wrong.stdout, /^fetching/m);
  await box.run('umask 077; cat >/root/secret_key.txt', key);
  const said = await commandLines.watch(() => movesIn(box, `${source} --key /root/secret_key.txt`));
  t.regex(said, /^reading the backup of \d{8}T\d{6}Z$/m);
  t.is((await box.outcome(`ls ${root}/backup/old-backup /run/box/move-in-key`)).stdout, '');
  await bootsAgain(box);
  await isThere(t, box, first);
  t.is(await box.run(`cat ${root}/www/default/later.html`), 'later\n');
  await box.run(`rm -r ${root}/backup/replaced ${root}/backup/old-box`);
});

test('from a backup in a folder: the same; and this box’s own backups go on with their own key', async (t) => {
  const { box, host, first } = await ready;
  const tar = await host.outcome(`tar -C ${first.folder}/backup -cf - encrypted | base64`);
  await box.run(`mkdir -p '/mnt/old backup'; base64 -d | tar -C '/mnt/old backup' -xf -`, tar.stdout);
  const dry = await commandLines.watch(() =>
    movesIn(box, "'/mnt/old backup/encrypted' --key /root/secret_key.txt --dry-run"),
  );
  t.regex(dry, /^Mail-in-a-Box, layout version 10$/m);
  t.is((await box.outcome(`test -e ${root}/backup/restored`)).code, 1);
  t.is(await box.run(`cat ${root}/backup/old-box/www/default/later.html`), 'later\n');
  t.regex(await box.run('box backup run'), /^made: a full backup/);
  t.regex(await box.run('box backup verify'), /^\d+ files of the last backup were read/);
});

test('the key was in no command line, and is in no log', async (t) => {
  const { box, host, first } = await ready;
  const [key = ''] = (await host.run(`cat ${first.folder}/backup/secret_key.txt`)).split('\n');
  t.true([...commandLines.seen].some((line) => line.includes('duplicity restore')));
  t.deepEqual(commandLines.holding([key]), []);
  t.false((await box.run('journalctl --no-pager --output=cat')).includes(key));
  t.is((await box.outcome(`grep -rlF '${key}' /var/log ${root}/backup/cache /run/box`)).stdout, '');
});

test('a host that shows another key than before is not believed', async (t) => {
  const { box, host, latest } = await ready;
  await box.run(`ssh-keygen -q -t ed25519 -N '' -f /root/false
    { printf '${host.host} '; cut -d ' ' -f 1,2 /root/false.pub; } >${root}/backup/known_hosts`);
  const { code, stdout } = await moveIn(box, `rsync://root@${host.host}/${latest.folder}`);
  t.is(code, 1);
  t.regex(
    stdout,
    /^problem {2}\S+ shows another key than before\n +-> if that is right, remove its line from /m,
  );
});
