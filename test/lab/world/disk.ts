/** A disk for a box's state that outlives root disks: a file, which the kernel shows as a block device. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Artefacts } from '../../rig/artefacts.ts';
import { output } from '../../rig/program.ts';

/** What user-data calls it. */
export const stateDevice = '/dev/disk/by-id/virtio-state';

/** A blank one of 2 GiB, where no other size is named; gives the device. */
export async function blankDisk(kept: Artefacts, name = 'state', mebibytes = 2048): Promise<string> {
  const file = path.join(kept.folder, `${name}.raw`);
  mkdirSync(kept.folder, { recursive: true });
  writeFileSync(file, '');
  truncateSync(file, mebibytes * 1024 ** 2);
  const loop = (await output(['losetup', '--find', '--show', file])).trim();
  const stop = async () => void (await output(['losetup', '--detach', loop]).catch(() => undefined));
  kept.own({ stop, explain: () => [`state disk: ${file}`] });
  return loop;
}

/** The provider makes it larger, and the kernel sees that at once. */
export async function grow(kept: Artefacts, disk: string, name: string, mebibytes: number): Promise<void> {
  truncateSync(path.join(kept.folder, `${name}.raw`), mebibytes * 1024 ** 2);
  await output(['losetup', '--set-capacity', disk]);
}

/** Runs a shell script on the host in the disk's own root folder, while no box has it. */
export const onDisk = (disk: string, script: string): Promise<string> =>
  output([
    ...['unshare', '--mount', 'sh', '-euc', 'mount -t ext4 "$1" /mnt; cd /mnt; eval "$2"; cd /; umount /mnt'],
    ...['sh', disk, script],
  ]);
