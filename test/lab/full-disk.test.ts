/** A disk that takes no more: without room, without a file left, read-only. No mail is lost or returned, and it heals by itself. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { deliver, Reader, smtp } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { outcome, output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { blankDisk, stateDevice } from './world/disk.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { subjects, subjectsIn } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-full-disk');
const root = '/home/user-data';
const filler = `${root}/mail/mailboxes/filler`;

/** Small, and with few files: both are to be used up. As the box itself makes one, but for that. */
const ready = makeLab(kept).then(async (lab) => {
  const disk = await blankDisk(kept, 'state', 512);
  await output(['mkfs.ext4', '-q', '-F', '-L', 'box-state', '-e', 'remount-ro', '-N', '24000', disk]);
  const { options } = await lab.box('box', lab.owner, { storage: { device: stateDevice } });
  const box = kept.own(new LabBox(kept.folder, { ...options, devices: { [stateDevice]: disk } }));
  await box.start();
  const said = await box.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  await trustClients(box);
  const reader = await Reader.of(box, hostname, lab.owner, box.folder);
  return { lab, box, disk, reader, me: lab.owner, web: await WebClient.of(box) };
});

/** Sends mails from outside as a server does: what is put off now is tried again until it is taken. */
class Sender {
  readonly sent: string[] = [];
  #waiting: string[] = [];

  async send(t: ExecutionContext, ...names: string[]): Promise<void> {
    this.#waiting.push(...names);
    await this.again(t);
  }

  async again(t: ExecutionContext): Promise<void> {
    const { box, me } = await ready;
    const rest: string[] = [];
    for (const subject of this.#waiting) {
      const { code, stdout } = await smtp(box, 25, { from: box.stranger, to: me.email, subject });
      t.notRegex(stdout, /^<\*\* +5/m, `refused for good:\n${stdout}`);
      if (code === 0) this.sent.push(subject);
      else rest.push(subject);
    }
    this.#waiting = rest;
  }

  async untilAllIsTaken(t: ExecutionContext): Promise<void> {
    await waitFor(
      'a box that takes mail',
      async () => {
        await this.again(t);
        return this.#waiting.length === 0 ? true : undefined;
      },
      { everyMs: 2000 },
    );
  }
}

/** As the program says that deletes mail: it marks, and expunges. */
async function deletes(t: ExecutionContext, subject: string): Promise<void> {
  const { reader } = await ready;
  const inbox = `imaps://${hostname}:993/INBOX`;
  const found = await reader.curl(inbox, [`request = "UID SEARCH SUBJECT \\"${subject}\\""`]);
  const uid = /\* SEARCH (\d+)/.exec(found.stdout)?.[1];
  t.truthy(uid, `${subject} is not found: ${found.stdout} ${found.stderr}`);
  const marked = await reader.curl(inbox, [`request = "UID STORE ${uid} +FLAGS.SILENT (\\\\Deleted)"`]);
  t.is(marked.code, 0, marked.stderr);
  const gone = await reader.curl(inbox, ['request = "EXPUNGE"']);
  t.is(gone.code, 0, gone.stderr);
  const again = await reader.curl(inbox, [`request = "UID SEARCH SUBJECT \\"${subject}\\""`]);
  t.notRegex(again.stdout, /\* SEARCH \d/);
}

/** What its owner sees at a log-in by ssh. */
async function bySsh(command: string): Promise<string> {
  const { box, me } = await ready;
  const key = ['-F', 'none', '-i', me.sshKey, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
  const silent = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const { stdout } = await outcome([...box.prefix, 'ssh', ...key, ...silent, `root@${box.host}`, command]);
  return stdout;
}

const inMailbox = async (): Promise<string[]> => {
  const { box, me } = await ready;
  return subjectsIn(await box.run(`doveadm -f flow fetch -u '${me.email}' hdr.subject all`));
};

/** No mail went back to where it came from. */
async function nothingWasReturned(t: ExecutionContext): Promise<void> {
  const { box } = await ready;
  t.is(await box.run('grep -E "status=bounced|sender non-delivery" /var/log/mail.log || true'), '');
}

test('a full disk: mail waits, people delete and the panel changes; with room again each mail arrives once', async (t) => {
  const { box, me, web } = await ready;
  const sender = new Sender();
  await sender.send(t, 'before 1', 'before 2');
  await waitFor('both', async () => ((await inMailbox()).length === 2 ? true : undefined));
  await box.run('box alias add old@example.com me@example.com');
  // As a person does who fills a mailbox: what only root may take of the disk is left.
  await box.run(`
    install -d -o mail -g mail ${filler}
    for size in 33554432 1048576 65536 4096; do
      n=0
      while runuser -u mail -- fallocate -l $size ${filler}/$size-$n 2>/dev/null; do n=$((n + 1)); done
    done`);
  t.is(
    (await box.outcome(`runuser -u mail -- sh -c 'echo x >${filler}/one-more && cat ${filler}/one-more'`))
      .stdout,
    '',
  );
  await sender.send(t, 'while full 1', 'while full 2', 'while full 3');
  t.regex(await bySsh('box status'), /^error {4}disk: 0% of the disk under \/home\/user-data is free/m);
  t.regex(
    await bySsh('run-parts /etc/update-motd.d'),
    /the disk under \/home\/user-data is FULL \(0% free\)/,
  );
  const added = await web.ask('POST /mail/aliases/add', {
    as: me,
    form: { address: 'new@example.com', forwards_to: me.email, permitted_senders: '', update_if_exists: '0' },
  });
  t.is(added.status, 200, added.body);
  t.is(
    (await web.ask('POST /mail/aliases/remove', { as: me, form: { address: 'old@example.com' } })).status,
    200,
  );
  t.regex(await box.run('box alias list'), /new@example\.com/);
  t.deepEqual(await inMailbox(), ['before 1', 'before 2'], 'there is no room for what came since');
  await deletes(t, 'before 1');
  await nothingWasReturned(t);

  await box.run(`rm -r ${filler}`);
  await sender.untilAllIsTaken(t);
  t.deepEqual(await subjects(box, me.email), ['before 2', 'while full 1', 'while full 2', 'while full 3']);
  await nothingWasReturned(t);
  t.notRegex(await bySsh('box status'), /^error {4}disk:/m);
  const image = JSON.parse(await box.run('cat /usr/lib/box/image.json')) as { services: string[] };
  for (const service of image.services)
    await waitFor(`${service} to run`, async () =>
      (await box.outcome(`systemctl is-active --quiet '${service}'`)).code === 0 ? true : undefined,
    );
});

test('no file left on the disk: the same, and deleting a mail makes room for one', async (t) => {
  const { box, me } = await ready;
  const sender = new Sender();
  const before = await subjects(box, me.email);
  await box.run(`
    install -d -o mail -g mail ${filler}
    cd ${filler}
    runuser -u mail -- sh -c 'n=0; while : >"$n" && n=$((n + 1)); do :; done' 2>/dev/null || true
    test "$(df --output=iavail ${root} | tail -n 1)" -eq 0`);
  await sender.send(t, 'without a file');
  t.regex(
    await bySsh('box status'),
    /^error {4}disk: 0% of the files that the disk under \/home\/user-data can hold are free/m,
  );
  await deletes(t, 'before 2');
  await nothingWasReturned(t);
  await box.run(`rm -r ${filler}`);
  await sender.untilAllIsTaken(t);
  const expected = [...before.filter((subject) => subject !== 'before 2'), 'without a file'].sort();
  t.deepEqual(await subjects(box, me.email), expected);
  await nothingWasReturned(t);
});

test('a disk that the kernel made read-only: mail waits, it is said, and after a boot all of it is there', async (t) => {
  const { box, disk, me } = await ready;
  const sender = new Sender();
  const before = await subjects(box, me.email);
  // What the kernel does when it finds the file system damaged.
  await box.run(`mount -o remount,abort ${root}`);
  await waitFor('a disk that is read-only', async () =>
    /(^|,)(emergency_)?ro(,|$)/m.test(await box.run(`findmnt -no FS-OPTIONS ${root}`)) ? true : undefined,
  );
  await sender.send(t, 'while read-only 1', 'while read-only 2');
  const status = await bySsh('box status');
  t.regex(status, /^error {4}disk: \/home\/user-data is read-only/m);
  t.notRegex(status, /Traceback/, 'what is only read is read');
  t.regex(await bySsh('run-parts /etc/update-motd.d'), /the disk under \/home\/user-data is READ-ONLY/);
  await nothingWasReturned(t);
  await box.kill();
  // As the boot of a machine does, with its kernel's fsck.repair=yes, which the container leaves to its host.
  const fsck = await outcome(['fsck.ext4', '-y', disk]);
  t.true((fsck.code ?? 8) < 4, `${fsck.code}: ${fsck.stdout} ${fsck.stderr}`);
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', said.error);
  await sender.untilAllIsTaken(t);
  t.deepEqual(await subjects(box, me.email), [...before, 'while read-only 1', 'while read-only 2'].sort());
  await nothingWasReturned(t);
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'afterwards' });
  t.true((await subjects(box, me.email)).includes('afterwards'));
});
