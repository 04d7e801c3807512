/**
 * Power cuts in one first boot, at several moments: the disk is copied as QEMU's end would leave it, and at the last moment QEMU is
 * killed. What a cut left behind is read from the disk: no key may be half made, and none may change afterwards. Each copy is
 * started natively and becomes ready; the machine itself becomes ready after the cut that it had.
 *
 * Then mail is poured in, and the power cut once more: whatever was accepted with 250 is in a mailbox or in the queue afterwards.
 * `LETTERBOX_POUR=10000` pours that many and cuts three times.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext } from 'ava';
import { type RawImage, rawImage, withImageMounted } from '../lab/world/image.ts';
import { makeLab } from '../lab/world/lab.ts';
import { LabBox } from '../lab/world/nspawn.ts';
import { artefacts } from '../rig/artefacts.ts';
import { kept, keptFiles, receives, showsWhatItSaid, submits, trustClients } from '../rig/behaviour.ts';
import { imageUnderTest } from '../rig/image.ts';
import { Reader } from '../rig/mail.ts';
import { documentsOf, hostname } from '../rig/owner.ts';
import { PouredMail } from '../rig/poured-mail.ts';
import { release } from '../rig/release.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { Vm } from './vm.ts';

const step = anyTest.serial;
const own = artefacts(anyTest, 'boot-power-cut');
const lab = makeLab(own);
const owner = lab.then((made) => made.owner);

/** When to cut: this long after a line on the console. */
interface Cut {
  readonly moment: string;
  readonly line: RegExp;
  readonly seconds: number;
  /** How many key files are there by then, at the least. */
  readonly least: number;
}

const cuts: readonly Cut[] = [
  {
    moment: 'before the setting up',
    line: /Cloud-init v\. .* 'init-local'|Starting .*cloud-init/,
    seconds: 2,
    least: 0,
  },
  { moment: 'early in the setting up', line: /box init: TLS key: made/, seconds: 0, least: 1 },
  { moment: 'late in the setting up', line: /box init: DKIM key: made/, seconds: 0, least: 3 },
  { moment: 'while the services start', line: /Letterbox: .* is set up/, seconds: 1, least: 4 },
];

const machine = (async () => {
  const me = await owner;
  return own.own(
    await Vm.create(own.folder, {
      name: 'power-cut',
      image: imageUnderTest(own.folder),
      sshKey: me.sshKey,
      disks: [await nocloudDisk(path.join(own.folder, 'power-cut.iso'), documentsOf(me))],
      // The guest's flushes are obeyed, and what it never flushed may be lost: as with a real disk.
      cache: 'writeback',
    }),
  );
})();
/** What each cut left of the disk. The machine waits for nobody who looks at one. */
const disks: readonly Promise<string>[] = (() => {
  const started = machine.then(async (vm) => {
    await vm.start();
    return vm;
  });
  let last: Promise<unknown> = started;
  return cuts.map(({ line, seconds }, index) => {
    const cut = async (vm: Vm) => {
      await vm.console.match(line);
      await sleep(seconds * 1000);
      if (index < cuts.length - 1) return vm.diskIfCutNow(`cut-${index}.qcow2`);
      await vm.cutPower();
      return vm.disk;
    };
    const disk = last.then(async () => cut(await started));
    last = disk;
    disk.catch(() => undefined); // Its test will say so.
    return disk;
  });
})();
/** SHA-256 of each key file that the last cut left. */
let found: ReadonlyMap<string, string> = new Map();

for (const [index, { moment, least }] of cuts.entries()) {
  const name = `cut-${index}`;
  step(`cut ${moment}: no key is half made, and a copy becomes ready`, async (t) => {
    const raw = await rawImage(own.folder, (await disks[index]) ?? '', `${name}.raw`);
    const now = await keysOnDisk(t, raw, name);
    t.true(now.size >= least, `${now.size} of ${kept.length} key files were there`);
    for (const [file, digest] of found) t.is(now.get(file), digest, `${file} changed after a cut`);
    found = now;
    // The lab starts a container as systemd does.
    if (release.init === 'systemd') await becomesReady(t, raw, name, documentsOf(await owner), found);
    rmSync(raw.path);
  });
}

step('after the last cut the machine itself becomes ready, with the keys that were there', async (t) => {
  const [vm, me] = [await machine, await owner];
  await vm.start();
  const said = await vm.console.outcome();
  await showsWhatItSaid(t, vm, said, hostname);
  const final = await keptFiles(vm);
  for (const [file, digest] of found)
    t.true(final.includes(`${digest}  ${file}`), `${file} changed after the last cut`);
  t.is((await vm.run(halfMade)).trim(), '', 'nothing half-made is left');
  const reader = await Reader.of(vm, hostname, me, vm.folder);
  await receives(t, vm, me, reader);
  await submits(t, vm, me, reader);
});

const wanted = process.env.LETTERBOX_POUR;
const count = Number(wanted ?? 120);
/** At which shares of the mails the power is cut: each cut costs a boot. */
const shares = wanted === undefined ? [0.4] : [0.15, 0.45, 0.75];

step(`${count} mails, power cuts: ${shares.length}; none that was accepted is lost`, async (t) => {
  t.timeout(60 * 60 * 1000 + count * 1000);
  const vm = await machine;
  await trustClients(vm);
  const poured = new PouredMail(vm, (await owner).email, count);
  for (const share of shares) {
    await poured.accepts(share * count);
    await vm.cutPower();
    const before = poured.accepted().length;
    await vm.start();
    const said = await vm.console.outcome();
    t.is(said.stage, 'ready', said.error);
    t.log(`power cut after ${before} accepted mails; ready after ${said.seconds} s of box init and services`);
  }
  await poured.ended();
  const accepted = poured.accepted();
  t.is(accepted.length, count);
  t.is(new Set(accepted).size, count);

  const { inQueue, inMailboxes } = await poured.look();
  const there = new Set([...inQueue, ...inMailboxes]);
  t.deepEqual(
    accepted.filter((number) => !there.has(number)),
    [],
    'accepted, and neither in a mailbox nor in the queue',
  );
  const twice = inQueue.length + inMailboxes.length - there.size;
  const unsure = poured.unsure();
  t.log(
    `${accepted.length} accepted: ${inMailboxes.length} in mailboxes, ${inQueue.length} in the queue; ${twice} more than once; ${unsure} sent again since the cut took the answer`,
  );
  // A second copy has one of two reasons: the sender never got its answer, or the box never noted its delivery. Of the
  // latter there are at most as many as deliveries that ran at the moment of a cut.
  t.true(twice <= unsure + shares.length * 20, `${twice} there more than once`);
});

const halfMade = "find /etc /home/user-data -xdev -name '*.box-new' -o -xdev -name '*.damaged-*'";

/** What a cut left becomes ready in the lab, on a layer over it, with the keys that were there. */
async function becomesReady(
  t: ExecutionContext,
  image: RawImage,
  name: string,
  documents: { userData: string; metaData: string },
  found: ReadonlyMap<string, string>,
): Promise<void> {
  const { box: makeBox } = await lab;
  const { options } = await makeBox(name, await owner);
  const box = own.own(new LabBox(own.folder, { ...options, image, documents }), t);
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', `${name}: ${said.step}: ${said.error}`);
  const keys = await keptFiles(box);
  for (const [file, digest] of found) t.true(keys.includes(`${digest}  ${file}`), `${name}: ${file} changed`);
  t.is((await box.run(halfMade)).trim(), '', `${name}: something half-made is left`);
  await box.stop();
}

/**
 * SHA-256 of each kept file on a copy of the disk, read as the next boot would: the file system's journal is replayed
 * first. A private key that is there must be a whole one.
 */
async function keysOnDisk(t: ExecutionContext, raw: RawImage, name: string): Promise<Map<string, string>> {
  const mountPoint = path.join(own.folder, `${name}-root`);
  mkdirSync(mountPoint);
  const script = `
    cd "$1" && shift
    for file in "$@"; do
      if [ -e "$file" ]; then sha256sum "$file"; fi
      case $file in *key.pem | *.private) if [ -e "$file" ]; then openssl pkey -in "$file" -noout -check >&2 || echo "broken $file"; fi ;; esac
    done`;
  const files = kept.map((file) => file.slice(1));
  const argv = ['sh', '-c', script, 'sh', mountPoint, ...files];
  const lines = (await withImageMounted(raw, mountPoint, argv, { writable: true }))
    .trim()
    .split('\n')
    .filter(Boolean);
  t.deepEqual(
    lines.filter((line) => line.startsWith('broken')),
    [],
  );
  return new Map(lines.map((line) => [`/${line.slice(66)}`, line.slice(0, 64)]));
}
