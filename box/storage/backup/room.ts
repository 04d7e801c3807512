/** Ends what fills the disk before mail finds no room: the same figure as the status check's, less a third. */
import type { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { freePercent } from '../../machine/meters.ts';
import { paths } from '../../machine/paths.ts';
import { Explained } from './duplicity.ts';

/** Percent of the disk that stay free for mail. */
export const keptFree = 10;

async function tooFull(machine: Machine): Promise<Failure | undefined> {
  const free = freePercent(await machine.run(['df', '-P', '-k', machine.at(paths.storage)]));
  return free >= keptFree
    ? undefined
    : new Explained(
        `only ${free}% of the disk is free, and the last ${keptFree}% are kept for mail`,
        'grow the disk, keep backups for fewer days, or send them to another host',
        'full',
      );
}

/** @throws Failure when the disk is too full, before or meanwhile */
export async function whileThereIsRoom<T>(
  machine: Machine,
  work: (until: AbortSignal) => Promise<T>,
): Promise<T> {
  const before = await tooFull(machine);
  if (before !== undefined) throw before;
  const stop = new AbortController();
  let why: Failure | undefined;
  const watch = setInterval(async () => {
    why ??= await tooFull(machine).catch(() => undefined);
    if (why !== undefined) stop.abort();
  }, 3000);
  try {
    return await work(stop.signal);
  } catch (error) {
    throw why ?? error;
  } finally {
    clearInterval(watch);
  }
}
