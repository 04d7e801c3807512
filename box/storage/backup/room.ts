/** Ends what fills the disk before mail finds no room: the same figure as the status check's, less a third. */
import { Failure } from '../../machine/failure.ts';
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

/** @throws Failure where what is copied, less what is here already, would take the last of the disk; all in kilobytes */
export async function mustHaveRoom(
  machine: Machine,
  { needed, already }: { readonly needed: number; readonly already: number },
  hint: string,
): Promise<void> {
  const { used, available } = await disk(machine);
  const left = available - Math.max(0, needed - already);
  if (!(left < ((used + available) * keptFree) / 100)) return;
  const mib = (kilobytes: number) => `${Math.ceil(kilobytes / 1024)} MiB`;
  throw new Failure(
    `the disk has not the room: ${mib(needed)} are copied, ${mib(available)} are free, and the last ${keptFree}% are kept for mail`,
    hint,
  );
}

async function disk(machine: Machine): Promise<{ used: number; available: number }> {
  const said = await machine.run(['df', '-P', '-k', machine.at(paths.storage)]);
  const [, , used, available] = said.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  return { used: Number(used), available: Number(available) };
}

/** Kilobytes of what is below these folders, those together that are there. */
export async function sizeBelow(machine: Machine, folders: readonly string[]): Promise<number> {
  const there: string[] = [];
  for (const path of folders) if (await machine.isFolder(path)) there.push(machine.at(path));
  if (there.length === 0) return 0;
  const { out } = await machine.patiently(['du', '-sk', '--', ...there]);
  return out.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
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
