/** What the errors of a write mean to the box's owner: the disk, or what lies in the place. Part of `Files`. */
import { Failure } from './failure.ts';

const inTheWay: Readonly<Record<string, string>> = {
  EISDIR: 'a folder',
  ENOTDIR: 'what is no folder',
  ELOOP: 'a link',
  ENXIO: 'a socket',
};

/** Says what a failed write means to the box's owner. */
export async function clearly(path: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOSPC' || code === 'EDQUOT') {
      throw new Failure(
        `the disk is full: ${path} could not be written`,
        'free some room or grow the disk, then reboot',
      );
    }
    if (code === 'EROFS') {
      throw new Failure(
        `the disk is read-only: ${path} could not be written`,
        'check the disk (dmesg), then reboot',
      );
    }
    if (code !== undefined && code in inTheWay) {
      throw new Failure(
        `${path}: ${inTheWay[code]} is in its place`,
        'remove what lies there, then: box init',
      );
    }
    throw error;
  }
}
