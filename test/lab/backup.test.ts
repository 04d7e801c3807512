/** Backups: what is lost comes back as it was, on the same box and on a fresh one; and what a broken run leaves does no harm. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { request } from '../rig/request.ts';
import { waitFor } from '../rig/wait.ts';
import { CommandLines } from './world/command-lines.ts';
import { event } from './world/icalendar.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { findSecrets, isWorldReadable } from './world/secrets.ts';
import { addAccount, queueIsEmpty, started, subjects } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-backup');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  return { lab, box, me: lab.owner, you, web: await WebClient.of(box) };
});
const commandLines = new CommandLines();
/** Another host, where ssh is. */
let other: LabBox | undefined;

const root = '/home/user-data';
const backup = (box: LabBox, words: string) => box.outcome(`box backup ${words}`);
const runs = async (box: LabBox, words = 'run') => {
  const { code, stdout, stderr } = await backup(box, words);
  if (code !== 0) throw new Error(`box backup ${words}: ${stderr}${stdout}`);
  return stdout.trim();
};
const send = async (box: LabBox, to: string, subject: string) => {
  await deliver(box, 25, { from: box.stranger, to, subject });
  await queueIsEmpty(box);
};
/** Each file below a folder: mode, owner by name, digest. Without Dovecot's indexes, which it makes itself. */
const filesOf = async (box: LabBox, folder: string) => {
  const names = `find . -type f ! -name 'dovecot.index*' ! -name 'dovecot.list*' ! -name maildirsize`;
  const tell = `-printf '%M %u:%g ' -exec sha256sum {} ';'`;
  return (await box.run(`cd ${folder} && ${names} ${tell} | sort -k 4`)).trim().split('\n');
};
const keptOf = (box: LabBox) =>
  box.run(
    `cd ${root} && sha256sum mail/dkim/mail.private ssl/ssl_private_key.pem ssl/ssl_certificate.pem dns/dnssec/*.private mailinabox.version`,
  );
const accountsOf = (box: LabBox) =>
  box.run(`sqlite3 ${root}/mail/users.sqlite 'SELECT * FROM users; SELECT * FROM aliases'`);
const listed = async (box: LabBox) =>
  JSON.parse(await runs(box, 'list --json')) as { time: string; full: boolean; size: number }[];

test('the key is made at the first boot: 2048 random bytes, for root alone', async (t) => {
  const { box } = await ready;
  t.is((await box.run(`stat -c '%a %U %F' ${root}/backup/secret_key.txt`)).trim(), '600 root regular file');
  const key = await box.run(`cat ${root}/backup/secret_key.txt`);
  t.is(Buffer.from(key, 'base64').length, 2048);
  t.is(key.split('\n')[0]?.length, 64);
});

test('before the first backup the status says so, and how to make one', async (t) => {
  const { box } = await ready;
  const { stdout } = await box.outcome('box status');
  t.regex(stdout, /^warning {2}backups: there is none yet\n {9}-> .*box backup run$/m);
});

test('the nightly unit makes a full backup, then an increment; mail comes in meanwhile', async (t) => {
  const { box, me, you } = await ready;
  t.regex(await box.run('systemctl list-timers box-backup.timer'), /box-backup\.service/);
  await send(box, me.email, 'one');
  // From the first page on the webmail's database is one that is written to while it is read.
  t.is((await request(box, 'GET /mail/')).status, 200);
  await commandLines.watch(async () => {
    await Promise.all([
      box.run('systemctl start box-backup.service'),
      send(box, you.email, 'during the backup'),
    ]);
  });
  t.deepEqual(
    (await listed(box)).map(({ full }) => full),
    [true],
  );
  await send(box, me.email, 'two');
  // Times are whole seconds.
  t.is(await runs(box), 'made: an increment');
  const all = await listed(box);
  t.deepEqual(
    all.map(({ full }) => full),
    [false, true],
  );
  t.true((all[0]?.size ?? 0) > 0 && (all[0]?.size ?? 0) < (all[1]?.size ?? 0));
  t.regex(
    (await box.outcome('box status')).stdout,
    /^ok {7}backups: the last one was made less than a day ago; a sample of one was restored on 20/m,
  );
  t.is((await box.run(`ls -A ${root}/backup/work ${root}/backup/snapshots 2>/dev/null || true`)).trim(), '');
});

test('a check reads all of it', async (t) => {
  const { box } = await ready;
  t.regex(await runs(box, 'verify'), /^\d+ files of the last backup were read; \d+ have changed since$/);
});

test('what was destroyed comes back byte for byte: mail, accounts, and the databases', async (t) => {
  const { box, me, you } = await ready;
  const calendar = `/SOGo/dav/${me.email}/Calendar/personal/`;
  const put = await request(box, `PUT ${calendar}kept.ics`, {
    as: me,
    body: event('kept', 'Kept in the backup', '20270301T09'),
    headers: ['Content-Type: text/calendar'],
  });
  t.is(put.status, 201, put.body);
  await runs(box);
  const mail = await filesOf(box, `${root}/mail/mailboxes`);
  const [accounts, keys] = [await accountsOf(box), await keptOf(box)];
  t.true(mail.length >= 3, mail.join('\n'));

  await box.run(`box account remove ${you.email} && rm -r ${root}/mail/mailboxes/example.com`);
  await box.run(`rm -rf ${root}/mail/dkim/* && echo >${root}/ssl/ssl_private_key.pem`);
  t.is(await runs(box, 'restore /root/restored'), 'it lies in /root/restored');
  t.deepEqual(await filesOf(box, '/root/restored/mail/mailboxes'), mail);
  t.is(
    await box.run("sqlite3 /root/restored/mail/users.sqlite 'SELECT * FROM users; SELECT * FROM aliases'"),
    accounts,
  );
  t.is(
    (await box.run('stat -c "%a %U:%G" /root/restored/mail/users.sqlite')).trim(),
    '640 root:box-accounts',
  );
  t.is(
    (
      await box.run('cd /root/restored && sqlite3 mail/roundcube/roundcube.sqlite "PRAGMA integrity_check"')
    ).trim(),
    'ok',
  );
  t.regex(await box.run('cat /root/restored/groupware/groupware.sql'), /Kept in the backup/);
  t.is((await box.outcome('ls /root/restored/backup /root/restored/groupware/postgresql')).stdout, '');
  const [first] = (await listed(box)).reverse();
  await runs(box, `restore /root/first --time ${first?.time}`);
  t.true((await filesOf(box, '/root/first/mail/mailboxes')).length < mail.length);
  await box.run('rm -r /root/restored /root/first');

  // The whole state, at the next boot.
  t.regex(await runs(box, `restore ${root}`), /when you reboot/);
  await box.kill();
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  t.deepEqual(await filesOf(box, `${root}/mail/mailboxes`), mail);
  t.is(await accountsOf(box), accounts);
  t.is(await keptOf(box), keys);
  t.deepEqual(await subjects(box, me.email), ['one', 'two']);
  t.deepEqual(await subjects(box, you.email), ['during the backup']);
  const got = await request(box, `GET ${calendar}kept.ics`, { as: me });
  t.regex(got.body, /SUMMARY:Kept in the backup/);
  // What was there is set aside, and a second restore does not go over it.
  t.regex(await box.run(`ls ${root}/backup/replaced`), /^mail$/m);
  const again = await backup(box, `restore ${root}`);
  t.regex(again.stderr, /replaced is there, of an earlier restore -> look through it, and remove it/);
  await box.run(`rm -r ${root}/backup/replaced`);
});

test('one mail, and one mailbox, come back beside what is there, with their flags and dates', async (t) => {
  const { box, me } = await ready;
  const mails = (query: string) =>
    box.run(`doveadm -f flow fetch -u ${me.email} 'mailbox hdr.subject flags date.received' ${query}`);
  await box.run(`doveadm flags add -u ${me.email} '\\Flagged' mailbox INBOX subject one`);
  const [, date] = /date\.received=(.*)$/m.exec(await mails('mailbox INBOX subject one')) ?? [];
  await runs(box);
  await box.run(`doveadm expunge -u ${me.email} mailbox INBOX subject one`);
  t.deepEqual(await subjects(box, me.email), ['two']);

  const look = await runs(box, `mail ${me.email} --subject ONE --from someone@client --look`);
  t.regex(look, /^1 mail would come back, \d+ bytes\nINBOX: 1\n20\d\d-\d\d-\d\d .* one$/);
  t.deepEqual(await subjects(box, me.email), ['two'], 'a look brings nothing');
  const said = await runs(box, `mail ${me.email} --subject one`);
  const [, folder = ''] = /^1 mail lies in the folder "(Restored \d{8}T\d{6}Z)"$/.exec(said) ?? [];
  t.not(folder, '', said);
  t.deepEqual(await subjects(box, me.email), ['one', 'two']);
  const back = await mails('subject one');
  t.regex(back, new RegExp(`mailbox=${folder}\\.INBOX .*flags=.*\\\\Flagged`));
  t.true(back.includes(`date.received=${date}`), `${back} is not of ${date}`);

  // All of it as it was at the first backup, when only one mail had come.
  const first = (await listed(box)).at(-1);
  t.regex(await runs(box, `mail ${me.email} --time ${first?.time}`), /^1 mail lies in/);
  const none = await backup(box, `mail ${me.email} --subject 'never sent'`);
  t.is(none.code, 1);
  t.is(none.stdout, 'no mail in that backup is like that\n');
  t.is((await box.outcome(`ls -d ${root}/mail/restored-mail`)).stdout, '');
  // The next tests find what the ones before left. A folder that holds none goes by itself.
  await box.run(`doveadm move -u ${me.email} INBOX mailbox '${folder}.INBOX' subject one`);
  await box.run(
    `doveadm mailbox list -u ${me.email} 'Restored%.*' | while read -r name; do doveadm mailbox delete -u ${me.email} "$name"; done`,
  );
  t.deepEqual(await subjects(box, me.email), ['one', 'two']);
});

test('a run that is cut in the middle leaves nothing that the next one stumbles over', async (t) => {
  const { box } = await ready;
  // Large enough that it is not copied before the test has looked.
  await box.run(`head -c 200000000 /dev/urandom >${root}/www/default/large`);
  const before = (await listed(box)).length;
  for (const how of ['run', 'run --full']) {
    await box.run(
      `systemd-run --quiet --collect --unit=cut --property=KillMode=control-group box backup ${how}`,
    );
    await waitFor('its first files', async () =>
      /\.(part|gpg)/.test(
        await box.run(
          `find ${root}/backup/work ${root}/backup/encrypted -newer /run/systemd/transient/cut.service -type f || true`,
        ),
      )
        ? true
        : undefined,
    );
    await box.run('systemctl kill --signal=KILL cut');
    await waitFor('its end', async () =>
      (await box.outcome('systemctl is-active --quiet cut')).code !== 0 ? true : undefined,
    );
    t.is((await listed(box)).length, before, 'half a backup is not listed');
  }
  t.regex(await runs(box), /^made: /);
  t.regex(await runs(box, 'verify'), /^\d+ files/);
  await box.run(`rm ${root}/www/default/large`);
});

test('two at once: the second one is told', async (t) => {
  const { box } = await ready;
  await box.run('touch /run/box/backup-lock; flock /run/box/backup-lock sleep 20 >/dev/null 2>&1 &');
  const second = await backup(box, 'run');
  t.is(second.code, 1);
  t.is(second.stderr, 'box: another backup is at work -> wait for it to end; see: box backup status\n');
  await box.run('pkill -x sleep');
});

test('the last of the disk is kept for mail: a backup that would take it is ended, told, and cleaned away', async (t) => {
  const { box } = await ready;
  // A disk that is too full, as `df` tells it: the real one is the test machine's.
  await box.run(
    `printf '#!/bin/sh\\necho x; echo "/dev/x 1000 950 50 95%% /"\\n' >/usr/local/bin/df && chmod 755 /usr/local/bin/df`,
  );
  const full = await box.outcome('PATH=/usr/local/bin:$PATH box backup run');
  t.is(full.code, 1);
  t.regex(
    full.stderr,
    /^box: only 5% of the disk is free, and the last 10% are kept for mail -> grow the disk/,
  );
  t.regex(
    (await box.outcome('box status')).stdout,
    /^error {4}backups: the last try failed: only 5% of the disk is free/m,
  );
  // It fills while duplicity is at work.
  await box.run(`head -c 60000000 /dev/urandom >${root}/www/default/large`);
  await box.run(
    `printf '#!/bin/sh\\necho x; if [ -n "$(ls -A ${root}/backup/work 2>/dev/null)" ]; then echo "/dev/x 1000 950 50 95%% /"; else echo "/dev/x 1000 100 900 10%% /"; fi\\n' >/usr/local/bin/df`,
  );
  const before = await box.run(`ls ${root}/backup/encrypted`);
  const filled = await box.outcome('PATH=/usr/local/bin:$PATH box backup run --full');
  t.is(filled.code, 1, filled.stdout);
  t.regex(filled.stderr, /only 5% of the disk is free/);
  t.is(await box.run(`ls ${root}/backup/encrypted`), before);
  t.is((await box.outcome('pgrep -x duplicity')).code, 1);
  await box.run(`rm /usr/local/bin/df ${root}/www/default/large`);
  t.regex(await runs(box), /^made: /);
});

test('a fresh box becomes the old one: by its backups and its key', async (t) => {
  const { lab, box, me, you } = await ready;
  await runs(box);
  const mail = await filesOf(box, `${root}/mail/mailboxes`);
  const [accounts, keys] = [await accountsOf(box), await keptOf(box)];
  const files = path.join(box.folder, 'upper', root, 'backup');
  const tar = path.join(kept.folder, 'moved.tar');
  await (await import('../rig/program.ts')).output([
    'tar',
    '-cf',
    tar,
    '-C',
    files,
    'encrypted',
    'secret_key.txt',
  ]);
  await box.kill();

  const fresh = await started(lab, 'fresh', lab.owner);
  t.not(await keptOf(fresh), keys);
  // With a key of its own it can't read them, and says so in one line.
  const bytes = readFileSync(tar).toString('base64');
  await fresh.run('base64 -d >/root/moved.tar', bytes);
  await fresh.run(`tar -xf /root/moved.tar -C ${root}/backup encrypted`);
  const wrong = await backup(fresh, `restore ${root}`);
  t.is(wrong.code, 1);
  t.is(
    wrong.stderr,
    `box: these backups were not made with the key in ${root}/backup/secret_key.txt -> put the secret_key.txt of the box that made them there, then try again\n`,
  );
  await fresh.run(`tar -xf /root/moved.tar -C ${root}/backup secret_key.txt && rm /root/moved.tar`);
  t.regex(await runs(fresh, `restore ${root}`), /when you reboot/);
  await fresh.kill();
  await fresh.start();
  t.is((await fresh.console.outcome()).stage, 'ready');
  t.deepEqual(await filesOf(fresh, `${root}/mail/mailboxes`), mail);
  t.is(await accountsOf(fresh), accounts);
  t.is(await keptOf(fresh), keys);
  t.deepEqual(await subjects(fresh, you.email), ['during the backup']);
  const got = await request(fresh, `GET /SOGo/dav/${me.email}/Calendar/personal/kept.ics`, { as: me });
  t.regex(got.body, /SUMMARY:Kept in the backup/);
  t.regex((await fresh.outcome('box status')).stdout, /^ok {7}DKIM/m);
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  other = fresh;
});

test('another host takes them by ssh: the API asks it first, and believes no other host in its place', async (t) => {
  const { box, me, web } = await ready;
  if (other === undefined) throw new Error('the test before this one makes it');
  const target = `rsync://root@${other.host}/backups-of-box`;
  const put = (form: Record<string, string>) =>
    web.ask('POST /system/backup/config', {
      as: me,
      form: { target_user: '', target_pass: '', min_age: '3', ...form },
    });
  const shut = await put({ target });
  t.is(shut.status, 400);
  t.regex(shut.body, /^the other host does not let this box in \(add the line of/);
  const { ssh_pub_key: line } = JSON.parse((await web.ask('GET /system/backup/config', { as: me })).body);
  await other.run('umask 077; mkdir -p /root/.ssh; cat >>/root/.ssh/authorized_keys', `${line}\n`);
  t.deepEqual([(await put({ target })).body, (await put({ target, min_age: '5' })).status], ['"OK"\n', 200]);
  t.is(await box.run(`cat ${root}/backup/custom.yaml`), `target: ${target}\nmin_age_in_days: 5\n`);

  t.is(await runs(box), 'made: a full backup');
  await send(box, me.email, 'three');
  t.is(await runs(box), 'made: an increment');
  t.is((await listed(box)).length, 2);
  t.regex(await other.run('ls /root/backups-of-box'), /duplicity-full\.\S+\.vol1\.difftar\.gpg/);
  t.is((await findSecrets([path.join(other.folder, 'upper/root/backups-of-box')])).length, 0);
  const { backups } = JSON.parse((await web.ask('GET /system/backup/status', { as: me })).body);
  t.like(backups[1], { full: true, volumes: 1 });
  t.regex(backups[1].deleted_in, /^approx\. \d+ days$/);
  t.true(backups[1].size > 10_000);
  t.regex(
    (await box.outcome('box status')).stdout,
    /^ok {7}backups: the last one was made less than a day ago, on 198/m,
  );
  const mail = await filesOf(box, `${root}/mail/mailboxes`);
  // All that the box itself knows of them may be gone.
  await box.run(`rm -r ${root}/backup/cache/*`);
  await runs(box, 'restore /root/from-there');
  t.deepEqual(await filesOf(box, '/root/from-there/mail/mailboxes'), mail);

  const known = `${root}/backup/known_hosts`;
  await box.run(`cp ${known} /root/known && ssh-keygen -q -t ed25519 -N '' -f /root/false`);
  await box.run(`{ printf '${other.host} '; cut -d ' ' -f 1,2 /root/false.pub; } >${known}`);
  const false_ = await backup(box, 'list');
  t.regex(
    false_.stderr,
    /^box: the other host shows another key than before -> if that is right, remove its line/,
  );
  await box.run(`cp /root/known ${known}`);

  await other.kill();
  const gone = await backup(box, 'run');
  t.regex(gone.stderr, /^box: the other host can’t be reached -> /);
  t.regex(
    (await box.outcome('box status')).stdout,
    /^error {4}backups: the last try failed: the other host can’t be reached/m,
  );
  const asked = JSON.parse((await web.ask('GET /system/backup/status', { as: me })).body);
  t.regex(asked.error, /can’t be reached/);
  t.is((await put({ target: 'local' })).status, 200);
  t.regex(await runs(box), /^made: /);
});

test('nothing of the key is on a command line, in a log, or where everyone may read it', async (t) => {
  const { box } = await ready;
  const key = (await box.run(`head -n 1 ${root}/backup/secret_key.txt`)).trim();
  await commandLines.watch(() => runs(box, 'run --full'));
  t.true([...commandLines.seen].some((line) => line.includes('duplicity full')));
  t.is((await box.outcome('pgrep gpg')).stdout, '', 'gpg’s helper, which knows the key, is gone');
  t.deepEqual(commandLines.holding([key]), []);
  const found = await findSecrets([path.join(box.folder, 'upper')], [key]);
  const ours = found.filter(({ what }) => what === 'a given secret');
  t.deepEqual(
    ours.map(({ path: file, mode }) => [file.split('/upper')[1], mode]),
    [[`${root}/backup/secret_key.txt`, '600']],
  );
  t.deepEqual(
    found.filter((finding) => isWorldReadable(finding) && finding.path.includes('/backup/')),
    [],
  );
  t.false((await box.run('journalctl --no-pager --output=cat')).includes(key));
});
