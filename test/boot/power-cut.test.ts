/**
 * A box by BIOS, on the hardware that Proxmox shows and with OpenStack's config drive, of the image that Packer's builder baked.
 *
 * Power cuts in its first boot, at several moments: the disk is copied as QEMU's end would leave it, and at the last moment QEMU is
 * killed. What a cut left behind is read from the disk: no key may be half made, and none may change afterwards. Each copy is
 * started natively and becomes ready; the machine itself becomes ready after the cut that it had.
 *
 * Then mail is poured in, and the power cut once more (`LETTERBOX_POUR=10000` pours that many and cuts three times). The disk gets a
 * new kernel, with which it starts by BIOS and by UEFI: whatever was accepted with 250 is in a mailbox or in the queue.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext } from 'ava';
import { type RawImage, rawImage, sharedRawImage, withImageMounted } from '../lab/world/image.ts';
import { makeLab } from '../lab/world/lab.ts';
import { LabBox } from '../lab/world/nspawn.ts';
import { artefacts } from '../rig/artefacts.ts';
import { kept, keptFiles, receives, showsWhatItSaid, submits, trustClients } from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { documentsOf, hostname } from '../rig/owner.ts';
import { otherKernel } from '../rig/packages.ts';
import { PouredMail } from '../rig/poured-mail.ts';
import { release, restart } from '../rig/release.ts';
import { configDrive } from './datasources/config-drive.ts';
import { installKernel } from './kernel.ts';
import { aliasesIn, bakedByPacker, exceptions } from './packer-image.ts';
import { differences, needless, treeOf } from './trees.ts';
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

/** Packer bakes what example.yaml says; another release that is tested brings its own image (`make test-release`). */
const isExample = process.env.LETTERBOX_RELEASE === undefined;
const image = isExample ? bakedByPacker(own.folder) : Promise.resolve(imageUnderTest(own.folder));

const machine = (async () => {
  const me = await owner;
  const { userData } = documentsOf(me);
  const drive = await configDrive(path.join(own.folder, 'drive.iso'), { userData, hostname });
  return own.own(
    await Vm.create(own.folder, {
      name: 'power-cut',
      image: await image,
      machine: 'pc',
      rootDisk: 'virtio-scsi',
      networkCard: 'e1000',
      disks: [{ ...drive, hardware: 'cdrom' }],
      sshKey: me.sshKey,
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
if (isExample)
  step(
    'Packer’s image and the one baked without a boot are the same, file by file, but for a list',
    async (t) => {
      t.timeout(60 * 60_000);
      const mountPoint = path.join(own.folder, 'root');
      mkdirSync(mountPoint);
      const packers = await rawImage(own.folder, await image, 'packer.raw');
      const images = [await sharedRawImage(own.folder), packers] as const;
      const native = await treeOf(images[0], mountPoint, exceptions);
      const packer = await treeOf(images[1], mountPoint, exceptions);
      t.true(native.size > 20_000, `${native.size} files were looked at`);
      t.deepEqual(differences(native, packer, exceptions), []);
      t.deepEqual(needless(native, packer, exceptions), [], 'an exception that explains nothing has to go');

      const aliases = await Promise.all(images.map((image) => aliasesIn(image, mountPoint)));
      t.deepEqual(aliases[0], aliases[1]);
      t.true(aliases[0]?.some((line) => line.startsWith('postmaster:')));
      rmSync(packers.path);
    },
  );

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

/** The kernel of the image. */
let running = '';
step('after the last cut the machine itself becomes ready, with the keys that were there', async (t) => {
  const [vm, me] = [await machine, await owner];
  await vm.start();
  const said = await vm.console.outcome();
  await showsWhatItSaid(t, vm, said, hostname);
  t.is(await vm.firmwareSeen(), 'bios');
  t.regex((await cloudInitResult(vm)).datasource, /^DataSourceConfigDrive /);
  const final = await keptFiles(vm);
  for (const [file, digest] of found)
    t.true(final.includes(`${digest}  ${file}`), `${file} changed after the last cut`);
  t.is((await vm.run(halfMade)).trim(), '', 'nothing half-made is left');
  running = (await vm.run('uname -r')).trim();
  const reader = await Reader.of(vm, hostname, me, vm.folder);
  await receives(t, vm, me, reader);
  await submits(t, vm, me, reader);
});

const wanted = process.env.LETTERBOX_POUR;
const count = Number(wanted ?? 120);
/** At which shares of the mails the power is cut: each cut costs a boot. */
const shares = wanted === undefined ? [0.4] : [0.15, 0.45, 0.75];

let poured: PouredMail;
step(`${count} mails are poured in, and the power is cut: ${shares.length}`, async (t) => {
  t.timeout(60 * 60 * 1000 + count * 1000);
  const vm = await machine;
  await trustClients(vm);
  poured = own.own(new PouredMail(vm, (await owner).email, count));
  for (const [index, share] of shares.entries()) {
    await poured.accepts(share * count);
    await vm.cutPower();
    if (index < shares.length - 1) await comesBack(t, vm);
  }
  await poured.stop();
  const accepted = poured.accepted();
  t.true(accepted.length >= (shares.at(-1) ?? 1) * count);
  t.is(new Set(accepted).size, accepted.length);
});

/** Where the release starts on it. */
const otherFirmware = release.firmware.includes('uefi') ? 'uefi' : 'bios';
step(
  'a new kernel starts by either firmware, and the box is ready with it, and keeps its keys',
  async (t) => {
    const vm = await machine;
    // Of a package that comes from an archive which this machine's apt knows: an installer's disk would have to ask its own.
    const kernel = release.base.kind === 'bootstrap' ? await otherKernel(running) : undefined;
    if (kernel !== undefined) {
      const log = await installKernel(vm, kernel.deb);
      t.true(log.includes(`Found initrd image: /boot/initrd.img-${kernel.release}`), log);
      // What the system does once it runs is the other firmware's to show.
      await vm.start('bios');
      await vm.console.match(new RegExp(`Linux version ${kernel.release.replaceAll('.', '\\.')} `));
      await vm.console.match(/Welcome to .*GNU\/Linux/);
      await vm.cutPower();
    }
    await vm.start(otherFirmware);
    const said = await vm.console.outcome();
    await showsWhatItSaid(t, vm, said, hostname);
    t.is(await vm.firmwareSeen(), otherFirmware);
    t.is((await vm.run('uname -r')).trim(), kernel?.release ?? running);
    t.deepEqual((await cloudInitResult(vm)).errors, []);
    const keys = await keptFiles(vm);
    for (const [file, digest] of found) t.true(keys.includes(`${digest}  ${file}`), `${file} changed`);
  },
);

step('no mail that was accepted is lost, and others come in', async (t) => {
  const vm = await machine;
  const { inQueue, inMailboxes } = await poured.look();
  const there = new Set([...inQueue, ...inMailboxes]);
  const accepted = poured.accepted();
  t.deepEqual(
    accepted.filter((number) => !there.has(number)),
    [],
    'accepted, and neither in a mailbox nor in the queue',
  );
  const twice = inQueue.length + inMailboxes.length - there.size;
  const unsure = poured.unsure();
  t.log(
    `${accepted.length} accepted: ${inMailboxes.length} in mailboxes, ${inQueue.length} in the queue; ${twice} more than once; ${unsure} never answered`,
  );
  // A second copy has one of two reasons: the sender never got its answer, or the box never noted its delivery. Of the
  // latter there are at most as many as deliveries that ran at the moment of a cut.
  t.true(twice <= unsure + shares.length * 20, `${twice} there more than once`);
  await vm.run(restart('postfix'));
  await trustClients(vm);
  await deliver(vm, 25, { from: vm.stranger, to: (await owner).email, subject: 'after the cut' });
});

async function comesBack(t: ExecutionContext, vm: Vm): Promise<void> {
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'ready', said.error);
}

const halfMade = "find /etc /home/user-data -xdev -name '*.box-new' -o -xdev -name '*.damaged-*'";

/** What a cut left becomes ready in the lab, with the keys that were there. */
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
