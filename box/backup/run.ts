/** Makes a backup: copies of the databases, duplicity, and away with what is old. One at a time; mail goes on meanwhile. */
import { Failure } from '../failure.ts';
import type { Machine } from '../machine.ts';
import { paths } from '../paths.ts';
import { readBackupConfig } from './config.ts';
import { duplicity } from './duplicity.ts';
import { findBackups } from './listing.ts';
import { whileThereIsRoom } from './room.ts';
import { isFullDue } from './sets.ts';
import { selection, takeSnapshots } from './snapshots.ts';
import { keyDigest, readBackupState, writeBackupState } from './state.ts';
import { type Place, targetOf } from './target.ts';

export interface Surroundings {
  readonly machine: Machine;
  readonly now: () => Date;
}
export type Made = 'off' | 'full' | 'increment';

/** @throws Failure, which `box status` tells from then on */
export async function backUp({ machine, now }: Surroundings, full = false): Promise<Made> {
  const target = targetOf((await readBackupConfig(machine)).target);
  if (target.kind === 'off') return 'off';
  return alone(machine, async () => {
    const before = await readBackupState(machine);
    const started = now().toISOString();
    await writeBackupState(machine, { ...before, started });
    try {
      const key = await keyDigest(machine);
      const made = await make({ machine, now }, target, full || before.key !== key);
      await writeBackupState(machine, { started, succeeded: now().toISOString(), key });
      return made;
    } catch (error) {
      const [what, hint] =
        error instanceof Failure
          ? [error.message, error.hint]
          : [String(error), 'this is a fault of the box program: please report it'];
      await writeBackupState(machine, { ...before, started, problem: { what, hint } });
      throw error;
    }
  });
}

async function make({ machine, now }: Surroundings, target: Place, forced: boolean): Promise<Made> {
  const { minAgeInDays } = await readBackupConfig(machine);
  const { backups, loose } = await findBackups(machine, target);
  const full = forced || isFullDue(backups, minAgeInDays, now());
  const copy = () =>
    whileThereIsRoom(machine, async (until) => {
      await takeSnapshots(machine);
      await duplicity(machine, {
        action: full ? 'full' : 'incremental',
        options: ['--no-print-statistics', '--allow-source-mismatch', '--volsize', '100', ...selection],
        from: paths.storage,
        target,
        until,
      });
    });
  try {
    await copy().catch(async (error) => {
      // duplicity goes on with what a power cut left; where it can't, that is thrown away.
      if (loose === 0) throw error;
      await tidy(machine, target);
      await copy();
    });
  } catch (error) {
    // Half a backup is of no use, and takes the room of mail.
    await tidy(machine, target).catch(() => undefined);
    throw error;
  }
  await machine.removeTree(paths.backupSnapshots);
  await duplicity(machine, {
    action: 'remove-older-than',
    options: [`${minAgeInDays}D`, '--force'],
    target,
  });
  if (loose > 0) await tidy(machine, target);
  return full ? 'full' : 'increment';
}

const tidy = (machine: Machine, target: Place) =>
  duplicity(machine, { action: 'cleanup', options: ['--force'], target });

/** @throws Failure while another backup, check or restore is at work */
export async function alone<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const unlock = await machine.lock(0, paths.backupLock).catch(() => {
    throw new Failure('another backup is at work', 'wait for it to end; see: box backup status');
  });
  try {
    return await work();
  } finally {
    await unlock();
  }
}
