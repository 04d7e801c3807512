/**
 * Power cuts at random moments of a box's life: a first boot; mail, new zones and backups; a restore; another image on an older state;
 * moving in. Each disk that a cut left is booted, and nobody lends a hand: it becomes ready, has every key and every mail that was
 * there or was answered for, and what had ended before the cut was done. `LETTERBOX_CUTS=100` cuts that often, and
 * `LETTERBOX_SEED=N` at the moments of an earlier run, as far as a machine does the same twice.
 */
import anyTest, { type ExecutionContext } from 'ava';
import type { PlanFile } from '../../builder/plan/file.ts';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { deliver } from '../rig/mail.ts';
import { PouredMail } from '../rig/poured-mail.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { CrashDisks } from './world/crash-disk.ts';
import { makeLab } from './world/lab.ts';
import { LabBox } from './world/nspawn.ts';
import { makeOldBox } from './world/old-box.ts';
import { type Cut, cutsDuring, seed } from './world/random-cuts.ts';
import { addAccount, becomesReady } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-random-cuts');
const stories = 5;
const each = Math.ceil(Number(process.env.LETTERBOX_CUTS ?? stories) / stories);
const root = '/home/user-data';

const world = (async () => {
  const lab = await makeLab(kept);
  const disks = kept.own(await CrashDisks.create(kept.folder));
  const disk = await disks.disk('origin');
  const { options } = await lab.box('box', lab.owner);
  const make = (name: string, rootDisk: string) =>
    kept.own(new LabBox(kept.folder, { ...options, name, rootDisk }));
  return { lab, disks, disk, make, box: make('origin', disk), me: lab.owner };
})();

/** What boots from now on, where it is not the image as it was baked. */
let laid: readonly PlanFile[] = [];
/** Numbers of the mails that the box has said 250 to. */
let accepted: readonly number[] = [];

async function boots(box: LabBox): Promise<void> {
  await box.lay(laid);
  await becomesReady(box);
}

/** A digest of each key and of each secret below a folder, also where a restore or a move has put it aside. */
const keysBelow = (folder: string) =>
  `find ${folder} -type f '(' -name '*private*' -o -name '*_key' -o -name secret_key.txt -o -name srs-secret ')' -size +0 -exec sha256sum '{}' + | cut -c -64 | sort -u`;
const lines = (text: string) => text.split('\n').filter(Boolean);
const without = (some: readonly unknown[], all: readonly unknown[]) =>
  some.filter((one) => !all.includes(one));

/** Mails of `PouredMail`, wherever they lie: in the queue, a mailbox, or a state that was put aside. */
async function mailsOf(box: LabBox): Promise<number[]> {
  const found = await box.run(
    `grep -rhaoE --exclude='dovecot*' 'Subject: pour [0-9]+ end' ${root} || test $? -lt 2`,
  );
  return [...found.matchAll(/pour (\d+) end/g)].map(([, number]) => Number(number));
}

/** Cuts while something is done, and boots what each cut left. `isDone`: what must hold besides where it had ended, or had not. */
async function survives(
  t: ExecutionContext,
  doing: (box: LabBox, ended: (what: string) => void) => Promise<void>,
  isDone: (box: LabBox, cut: Cut) => Promise<void> = async () => undefined,
): Promise<void> {
  const { disks, disk, make, box, me } = await world;
  // What was there before it began is on the disk: the first cut may come before the kernel writes that out.
  const before = box.running ? lines(await box.run(`sync; ${keysBelow(root)}`)) : [];
  const title = t.title.replace(/:.*/, '');
  t.log(`seed ${seed}`);
  const seen = () => ({ accepted });
  const cuts = await cutsDuring(disks, { disk, title, count: each, seen }, (ended) => doing(box, ended));
  await box.kill();
  for (const [index, cut] of cuts.entries()) {
    const onDisk = lines(
      await output([
        ...['unshare', '--mount', 'sh', '-euc'],
        // As the next boot would: the journal is replayed.
        `mount -o loop "$1" /mnt; test ! -d /mnt/upper${root} || ${keysBelow(`/mnt/upper${root}`)}`,
        ...['sh', cut.disk],
      ]),
    );
    const said = `cut ${index + 1} of ${cuts.length}, at ${cut.second.toFixed(1)} s of ${cut.of.toFixed(1)}, after ${cut.ended.join(', ') || 'nothing'}`;
    const again = make(`${title.replaceAll(/\W+/g, '-')}-${index}`, cut.disk);
    await boots(again);
    const keys = lines(await again.run(keysBelow(root)));
    t.deepEqual(without([...before, ...onDisk], keys), [], `${said}: keys that are lost`);
    const numbers = await mailsOf(again);
    t.deepEqual(without(cut.accepted, numbers), [], `${said}: mails that are lost`);
    // Later boxes have it from their first one; to be told of it starts the filter anew, and a full queue would wait for it.
    if (before.length === 0) await trustClients(again);
    await deliver(again, 25, { from: again.stranger, to: me.email, subject: 'after the cut' });
    // An index that the cut left half written is made anew by the first who meets it, and the mail that he brought comes again in minutes.
    await waitFor(
      `the mail after the cut: ${said}`,
      async () => {
        const found = await again.outcome(`doveadm search -u ${me.email} header Subject 'after the cut'`);
        return found.stdout.trim() === '' ? undefined : true;
      },
      { seconds: 900 },
    );
    await isDone(again, cut);
    t.log(`${said}: ready; ${numbers.length - new Set(numbers).size} mails are there twice`);
    await again.stop();
    disks.remove(cut.disk);
  }
  await boots(box);
}

test('a first boot: the next one goes on from there', async (t) => {
  await survives(t, boots);
});

test('mail, new accounts, new zones and backups: what ended is there, what was accepted is there', async (t) => {
  const { me, box } = await world;
  await trustClients(box);
  const zones = ['second.example', 'third.example'];
  await survives(
    t,
    async (box, ended) => {
      const pour = new PouredMail(box, me.email, 100_000, { connections: 2, pause: 150 });
      const counting = setInterval(() => (accepted = pour.accepted()), 20);
      try {
        for (const zone of zones) {
          await addAccount(box, me, `you@${zone}`);
          ended(zone);
          await box.run('box backup run', '', 600);
          ended(`a backup with ${zone}`);
          await box.run(`box dns custom set text.${zone} TXT "of ${zone}"`);
          ended(`text.${zone}`);
        }
      } finally {
        clearInterval(counting);
        await pour.stop();
        accepted = pour.accepted();
      }
    },
    async (box, { ended }) => {
      const dig = async (words: string) =>
        output([...box.prefix, 'dig', `@${box.host}`, '+norecurse', '+dnssec', ...words.split(' ')]);
      for (const zone of ['example.com', ...zones.filter((one) => ended.includes(one))])
        t.regex(await dig(`${zone} SOA`), /\sRRSIG\sSOA /, zone);
      for (const text of ended.filter((what) => what.startsWith('text.')))
        t.regex(await dig(`${text} TXT`), /"of \w+\.example"/, text);
      // The next night's, on whatever was begun, and all of it can be read.
      await box.run('box backup run && box backup verify', '', 600);
    },
  );
});

test('a restore of the whole state: the box has the one or the other, and what was put aside', async (t) => {
  await survives(
    t,
    async (box, ended) => {
      await box.run(`box backup restore ${root}`, '', 600);
      ended('the order');
      await box.kill();
      await boots(box);
      ended('the restore');
    },
    async (box, { ended }) => {
      if (ended.length > 0) t.regex(await box.run(`ls ${root}/backup`), /^replaced$/m);
    },
  );
  const { box } = await world;
  await box.run(`rm -r ${root}/backup/replaced`);
  accepted = await mailsOf(box);
});

test('another image on a state of an older format: it goes on with its trial', async (t) => {
  const { box } = await world;
  const record = `${root}/letterbox.json`;
  const { format } = JSON.parse(await box.run(`cat ${record}`)) as { format: number };
  t.true(format > 1);
  await survives(
    t,
    async (box, ended) => {
      await box.run(
        `sed -i 's/"format": *${format}/"format": 1/' ${record}; grep -q '"format": *1' ${record}`,
      );
      await box.kill();
      laid = [
        {
          path: '/usr/lib/box/image-id',
          text: 'another\n',
          mode: '0644',
          owner: 'root',
          group: 'root',
          from: 'this test',
        },
      ];
      await boots(box);
      ended('the trial');
    },
    async (box) =>
      void t.like(JSON.parse(await box.run(`cat ${record}`)), { format, healthy: { id: 'another' } }),
  );
});

test('a Mail-in-a-Box moves in: the box has the one state or the other, and takes the rest when it is told again', async (t) => {
  const { box } = await world;
  const old = await makeOldBox(box, 15);
  const moveIn = (box: LabBox) => box.run(`box move-in ${old.folder}`, '', 600);
  const isIn = async (box: LabBox) => (await box.run('box account list')).includes(old.ann.email);
  await survives(
    t,
    async (box, ended) => {
      await moveIn(box);
      ended('the order');
      await box.kill();
      await boots(box);
      ended('the move');
    },
    async (box, { ended }) => {
      if (ended.length > 0) t.true(await isIn(box));
      if (await isIn(box)) return;
      await moveIn(box);
      await box.kill();
      await boots(box);
      t.true(await isIn(box));
    },
  );
});
