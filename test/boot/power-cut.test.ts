/**
 * A box by BIOS, on the hardware that Proxmox shows and with OpenStack's config drive, of the image that Packer's builder baked.
 *
 * Power cuts in its first boot, at several moments: the disk is copied as QEMU's end would leave it, and at the last moment QEMU is
 * killed. What a cut left behind is read from the disk: no key may be half made, and none may change afterwards. Each copy is
 * started natively and becomes ready. The machine itself starts after the cut that it had, by BIOS; it gets a new kernel, and
 * becomes ready with that by UEFI.
 *
 * Then mail is poured in, and the power cut once more: whatever was accepted with 250 is in a mailbox or in the queue of what the
 * disk becomes, natively. `LETTERBOX_POUR=10000` pours that many and cuts three times.
 */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest, { type ExecutionContext } from 'ava';
import { type RawImage, rawImage } from '../lab/world/image.ts';
import { makeLab } from '../lab/world/lab.ts';
import { LabBox } from '../lab/world/nspawn.ts';
import { artefacts } from '../rig/artefacts.ts';
import {
  kept,
  keptFiles,
  receives,
  showsWhatItSaid,
  submits,
  type TestedBox,
  trustClients,
} from '../rig/behaviour.ts';
import { cloudInitResult } from '../rig/cloud-init.ts';
import { imageUnderTest } from '../rig/image.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { documentsOf, hostname } from '../rig/owner.ts';
import { otherKernel } from '../rig/packages.ts';
import { PouredMail } from '../rig/poured-mail.ts';
import { release, restart } from '../rig/release.ts';
import { configDrive } from './datasources/config-drive.ts';
import { installKernel } from './kernel.ts';
import { keysOnDisk } from './keys-on-disk.ts';
import { bakedByPacker, exceptions } from './packer-image.ts';
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
      const images = [(await lab).image, packers] as const;
      const native = await treeOf(images[0], mountPoint, exceptions);
      const packer = await treeOf(images[1], mountPoint, exceptions);
      t.true(native.size > 20_000, `${native.size} files were looked at`);
      t.deepEqual(differences(native, packer, exceptions), []);
      t.deepEqual(needless(native, packer, exceptions), [], 'an exception that explains nothing has to go');
      rmSync(packers.path);
    },
  );

/** SHA-256 of each key file that the last cut left. */
let found: ReadonlyMap<string, string> = new Map();

for (const [index, { moment, least }] of cuts.entries()) {
  const name = `cut-${index}`;
  step(`cut ${moment}: no key is half made, and a copy becomes ready`, async (t) => {
    const raw = await rawImage(own.folder, (await disks[index]) ?? '', `${name}.raw`);
    const now = await keysOnDisk(t, raw, path.join(own.folder, `${name}-root`));
    t.true(now.size >= least, `${now.size} of ${kept.length} key files were there`);
    for (const [file, digest] of found) t.is(now.get(file), digest, `${file} changed after a cut`);
    found = now;
    // The lab starts a container as systemd does.
    if (release.init === 'systemd') await becomesReady(t, raw, name, documentsOf(await owner), found);
    rmSync(raw.path);
  });
}

/** Where the release starts on it. */
const otherFirmware = release.firmware.includes('uefi') ? 'uefi' : 'bios';
step(
  'after the last cut the machine itself starts by BIOS, gets a new kernel, and starts with that by either firmware: ready, with the keys that were there',
  async (t) => {
    const [vm, me] = [await machine, await owner];
    const kernel = await newKernel(t, vm);
    await vm.start(otherFirmware);
    const said = await vm.console.outcome();
    await showsWhatItSaid(t, vm, said, hostname);
    t.is(await vm.firmwareSeen(), otherFirmware);
    if (kernel !== undefined) t.is((await vm.run('uname -r')).trim(), kernel);
    const { datasource, errors } = await cloudInitResult(vm);
    t.regex(datasource, /^DataSourceConfigDrive /);
    t.deepEqual(errors, []);
    const final = await keptFiles(vm);
    for (const [file, digest] of found)
      t.true(final.includes(`${digest}  ${file}`), `${file} changed after the last cut`);
    t.is((await vm.run(halfMade)).trim(), '', 'nothing half-made is left');
    const reader = await Reader.of(vm, hostname, me, vm.folder);
    await receives(t, vm, me, reader);
    await submits(t, vm, me, reader);
  },
);

/** Of a package that comes from an archive which this machine's apt knows: an installer's disk would have to ask its own. */
async function newKernel(t: ExecutionContext, vm: Vm): Promise<string | undefined> {
  if (release.base.kind !== 'bootstrap') return undefined;
  const { deb, release: kernel } = await otherKernel(await startsByBios(vm));
  const log = await installKernel(vm, deb);
  t.true(log.includes(`Found initrd image: /boot/initrd.img-${kernel}`), log);
  t.is(await startsByBios(vm), kernel);
  return kernel;
}

/** Until its root file system is checked and mounted and its init runs; gives the kernel's release. What then comes, another start shows. */
async function startsByBios(vm: Vm): Promise<string> {
  await vm.start('bios');
  const [, kernel = ''] = await vm.console.match(/Linux version (\S+) /);
  await vm.console.match(/Welcome to .*GNU\/Linux/);
  await vm.cutPower();
  return kernel;
}

const wanted = process.env.LETTERBOX_POUR;
const count = Number(wanted ?? 120);
/** At which shares of the mails the power is cut: each cut but the last costs a boot. */
const shares = wanted === undefined ? [0.4] : [0.15, 0.45, 0.75];

step(
  `${count} mails, power cuts: ${shares.length}; none that was accepted is lost, and others come in`,
  async (t) => {
    t.timeout(60 * 60 * 1000 + count * 1000);
    const vm = await machine;
    await trustClients(vm);
    const poured = own.own(new PouredMail(vm, (await owner).email, count), t);
    for (const [index, share] of shares.entries()) {
      await poured.accepts(share * count);
      await vm.cutPower();
      if (index === shares.length - 1) break;
      await vm.start();
      const said = await vm.console.outcome();
      t.is(said.stage, 'ready', said.error);
    }
    await poured.stop();
    const accepted = poured.accepted();
    t.true(accepted.length >= (shares.at(-1) ?? 1) * count);
    t.is(new Set(accepted).size, accepted.length);

    const box = await recovered(t, vm);
    const { inQueue, inMailboxes } = await poured.look(box);
    const there = new Set([...inQueue, ...inMailboxes]);
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
    await box.run(restart('postfix'));
    await trustClients(box);
    await deliver(box, 25, { from: vm.stranger, to: (await owner).email, subject: 'after the cut' });
  },
);

async function comesBack(t: ExecutionContext, vm: Vm): Promise<void> {
  await vm.start();
  const said = await vm.console.outcome();
  t.is(said.stage, 'ready', said.error);
}

/** What the last cut left, natively where the lab can start it. */
async function recovered(t: ExecutionContext, vm: Vm): Promise<TestedBox> {
  if (release.init === 'systemd')
    return ready(t, await rawImage(own.folder, vm.disk, 'poured.raw'), 'poured', documentsOf(await owner));
  await comesBack(t, vm);
  return vm;
}

const halfMade = "find /etc /home/user-data -xdev -name '*.box-new' -o -xdev -name '*.damaged-*'";

/** A box of the lab on a layer over a disk, once it is ready. */
async function ready(
  t: ExecutionContext,
  image: RawImage,
  name: string,
  documents: { userData: string; metaData: string },
): Promise<LabBox> {
  const { box: makeBox } = await lab;
  const { options } = await makeBox(name, await owner);
  const box = own.own(new LabBox(own.folder, { ...options, image, documents }), t);
  await box.start();
  const said = await box.console.outcome();
  t.is(said.stage, 'ready', `${name}: ${said.step}: ${said.error}`);
  return box;
}

/** What a cut left becomes ready in the lab, with the keys that were there. */
async function becomesReady(
  t: ExecutionContext,
  image: RawImage,
  name: string,
  documents: { userData: string; metaData: string },
  found: ReadonlyMap<string, string>,
): Promise<void> {
  const box = await ready(t, image, name, documents);
  const keys = await keptFiles(box);
  for (const [file, digest] of found) t.true(keys.includes(`${digest}  ${file}`), `${name}: ${file} changed`);
  t.is((await box.run(halfMade)).trim(), '', `${name}: something half-made is left`);
  await box.stop();
}
