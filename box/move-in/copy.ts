/** Copies a folder of the old box to the state that is being made. What is there already is not read again. */
import { dirname } from 'node:path';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import type { OldBox } from './old-box.ts';

export interface Copied {
  /** As the box knows it: below its storage root. */
  readonly path: string;
  /** `user:group`; root's where absent. */
  readonly owner?: string;
  /** rsync(1)'s words for modes. */
  readonly modes: string;
  /** Patterns of rsync(1). */
  readonly without?: readonly string[];
}

/** Links that lead out of the folder, devices and the like stay behind. @throws Failure where it can't be copied whole */
export async function copyFolder(
  old: OldBox,
  fresh: Machine,
  what: Copied,
  until: AbortSignal,
): Promise<void> {
  const { path, owner = 'root:root', modes, without = [] } = what;
  if (!(await old.machine.isFolder(path))) return;
  if (dirname(path) !== paths.storage) await fresh.putDirectory({ path: dirname(path), mode: 0o755 });
  const { code, err } = await fresh.patiently(
    [
      'rsync',
      // Hard links too: of a mail that was copied from folder to folder there is one file.
      ...[
        '--recursive',
        '--links',
        '--times',
        '--perms',
        '--owner',
        '--group',
        '--hard-links',
        '--safe-links',
      ],
      ...['--delete', '--delete-excluded', `--chown=${owner}`, `--chmod=${modes}`],
      ...without.map((pattern) => `--exclude=${pattern}`),
      ...['--', `${old.machine.at(path)}/`, `${fresh.at(path)}/`],
    ],
    until,
  );
  if (code === 0) return;
  const full = /No space left on device/.test(err);
  throw new Failure(
    full ? 'the disk is full' : `${old.machine.at(path)} could not be copied: ${err.trim().split('\n')[0]}`,
    full
      ? 'grow the disk, then try again: what was copied is not copied again'
      : 'is all of it readable? Then try again: what was copied is not copied again',
  );
}
