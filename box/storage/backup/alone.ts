/** One backup, check or restore at a time. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';

export interface Surroundings {
  readonly machine: Machine;
  readonly now: () => Date;
}

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
