/**
 * A root disk whose content can be had at any moment as a cut of the power would leave it: what was flushed or written out by then,
 * and nothing that lay in memory alone. It is an ext4 in a file on XFS, which copies a file at one moment, and while a box goes
 * on writing to it (ioctl_ficlonerange(2)).
 */
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Started } from '../../rig/artefacts.ts';
import { outcome, output } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';

const gibibyte = 1024 ** 3;

export class CrashDisks implements Started {
  private constructor(
    private readonly folder: string,
    private readonly store: string,
  ) {}

  /** Makes the place for the disks; both files are sparse. */
  static async create(parent: string): Promise<CrashDisks> {
    const folder = path.join(parent, 'crash-disks');
    const store = path.join(parent, 'crash-disks.xfs');
    mkdirSync(folder, { recursive: true });
    blank(store, 64 * gibibyte);
    await output(['mkfs.xfs', '-q', '-m', 'reflink=1', store]);
    await output(['mount', '-o', 'loop', store, folder]);
    return new CrashDisks(folder, store);
  }

  /** A new one; the kernel starts writing what is in memory after 5 s by itself, as with each ext4 (mount option `commit`). */
  async disk(name: string): Promise<string> {
    const disk = path.join(this.folder, name);
    blank(disk, 6 * gibibyte);
    await output(['mkfs.ext4', '-q', disk]);
    return disk;
  }

  /** The disk as it would be if the power went at this moment. */
  async cut(disk: string, name: string): Promise<string> {
    const left = path.join(this.folder, name);
    await output(['cp', '--reflink=always', disk, left]);
    return left;
  }

  remove(disk: string): void {
    rmSync(disk);
  }

  stop = async (): Promise<void> => {
    // The loop devices of boxes that have just ended go a moment after them.
    await waitFor('the crash disks to be free', async () => {
      const mounted = (await outcome(['mountpoint', '--quiet', this.folder])).code === 0;
      return !mounted || (await outcome(['umount', this.folder])).code === 0 ? true : undefined;
    });
  };

  explain = (): string[] => [`crash disks: mount -o loop ${this.store} ${this.folder}`];
}

function blank(file: string, bytes: number): void {
  writeFileSync(file, '');
  truncateSync(file, bytes);
}
