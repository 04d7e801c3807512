/**
 * Packer's builder runs the same steps in a machine: its image holds the same files as the one that was baked without a boot, and
 * starts as a box.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { bakeImage } from '../../builder/bake/image.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { Progress } from '../../builder/host/progress.ts';
import { type RawImage, rawImage, sharedRawImage, withImageMounted } from '../lab/world/image.ts';
import { artefacts } from '../rig/artefacts.ts';
import { showsWhatItSaid } from '../rig/behaviour.ts';
import { documentsOf, hostname, makeOwner } from '../rig/owner.ts';
import { noteStart } from '../times.ts';
import { nocloudDisk } from './datasources/nocloud.ts';
import { differences, type Exception, needless, treeOf } from './trees.ts';
import { Vm } from './vm.ts';

const kept = artefacts(anyTest, 'packer');
const owner = makeOwner(kept.folder);
const mountPoint = path.join(kept.folder, 'root');
mkdirSync(mountPoint);

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** What is not the same, each with its reason, and what of it is. */
const exceptions: readonly Exception[] = [
  {
    path: '/etc/fstab',
    reason: 'each disk has numbers of its own: its file systems’',
    seen: (text) => text.replace(uuid, 'UUID').replace(/UUID=[0-9A-F]{4}-[0-9A-F]{4}/, 'UUID=ESP'),
  },
  {
    path: '/boot/grub/grub.cfg',
    reason:
      'update-grub wants to see the disk, and the assembler writes the first menu: kernel, arguments and initrd',
    seen: (text) => firstEntry(text).replace(uuid, 'UUID'),
  },
  {
    path: '/usr/lib/box/box.compiled',
    reason: 'V8 compiles the same program to other bytes at each run',
    seen: () => '',
  },
  {
    path: '/etc/shadow',
    reason:
      'accounts that the steps make have the day of the bake, and the image under test may be of yesterday',
    seen: (text) => text.replace(/^([^:]*:[^:]*:)\d+:/gm, '$1DAY:'),
    mayAgree: true,
  },
  {
    path: '/etc/aliases.db',
    reason:
      'it holds the second in which it was made and a number of the file; the test below reads what it says',
    seen: () => '',
  },
];

/** The kernel with its arguments, and the initrd, of a menu's first entry. */
function firstEntry(menu: string): string {
  const line = (word: string) =>
    new RegExp(`^\\s*${word}\\s+(.*?)\\s*$`, 'm').exec(menu)?.[1] ?? `no ${word}`;
  return [line('linux'), line('initrd')].join('\n');
}

/** The qcow2 that Packer made; the test that comes first bakes it. */
const packerImage = path.join(kept.folder, 'example', 'example.qcow2');

async function bakedByPacker(): Promise<RawImage> {
  const compiled = await compile(loadConfig('example.yaml').config);
  const silent = new Progress(() => {}, [1, 1, 1]);
  noteStart('qemu', 'packer');
  const { layers } = await bakeImage(compiled, path.dirname(packerImage), silent, 'packer');
  if (layers[0]?.what !== 'kept')
    throw new Error(`another base than the image’s under test: ${layers[0]?.reason}`);
  return rawImage(kept.folder, packerImage, 'packer.raw');
}

anyTest.serial(
  'Packer’s image and the one baked without a boot are the same, file by file, but for a list',
  async (t) => {
    t.timeout(30 * 60_000);
    const images = [await sharedRawImage(kept.folder), await bakedByPacker()] as const;
    const native = await treeOf(images[0], mountPoint, exceptions);
    const packer = await treeOf(images[1], mountPoint, exceptions);
    t.true(native.size > 20_000, `${native.size} files were looked at`);
    t.deepEqual(differences(native, packer, exceptions), []);
    t.deepEqual(needless(native, packer, exceptions), [], 'an exception that explains nothing has to go');

    const aliases = await Promise.all(images.map((image) => aliasesIn(image)));
    t.deepEqual(aliases[0], aliases[1]);
    t.true(aliases[0]?.some((line) => line.startsWith('postmaster:')));
  },
);

anyTest.serial(
  'Packer’s image becomes a box, on the hardware that Proxmox shows, with its user-data on an IDE CD',
  async (t) => {
    const me = await owner;
    const seed = await nocloudDisk(path.join(kept.folder, 'seed.iso'), documentsOf(me));
    const vm = kept.own(
      await Vm.create(kept.folder, {
        name: 'packer-box',
        image: packerImage,
        machine: 'pc',
        rootDisk: 'virtio-scsi',
        networkCard: 'e1000',
        disks: [{ ...seed, hardware: 'cdrom' }],
        sshKey: me.sshKey,
      }),
      t,
    );
    await vm.start();
    await showsWhatItSaid(t, vm, await vm.console.outcome(), hostname);
  },
);

/** What the compiled table of aliases says, but for when and where it was made. */
async function aliasesIn(image: RawImage): Promise<string[]> {
  const argv = ['chroot', mountPoint, 'postalias', '-s', 'hash:/etc/aliases'];
  const lines = (await withImageMounted(image, mountPoint, argv)).split('\n');
  return lines.filter((line) => !line.startsWith('YP_')).sort();
}
