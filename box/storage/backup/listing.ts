/** The files at the target: what backups there are is read from their names, so that it costs nothing to ask. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { explained, isUnexplained } from './duplicity.ts';
import { backupsIn, type Found, type TargetFile } from './sets.ts';
import { type BackupState, doubtedFrom, readBackupState } from './state.ts';
import { openStore } from './stores/open.ts';
import { isStore, listingArgv, type Place } from './target.ts';

/** `state`: what was noted before a run that is at work now, for that run. */
export async function findBackups(machine: Machine, target: Place, state?: BackupState): Promise<Found> {
  const noted = state ?? (await readBackupState(machine));
  return backupsIn(await filesAt(machine, target), target.kind === 'local' ? doubtedFrom(noted) : undefined);
}

/** @throws Failure where it can't be asked */
export async function filesAt(machine: Machine, target: Place): Promise<readonly TargetFile[]> {
  if (target.kind === 'local') return filesBelow(machine, paths.backupFiles);
  if (target.kind === 'foreign') return filesBelow(machine, target.path);
  if (isStore(target)) return (await openStore(machine, target)).list();
  const { code, out, err } = await machine.outcome(listingArgv(target));
  if (code === 0) return filesIn(out);
  // Nobody has put anything there yet.
  if (/No such file or directory/.test(err) && !/rsync: (command )?not found/.test(err)) return [];
  const why = explained('list', err, code);
  throw isUnexplained(why)
    ? new Failure('the other host lists no files', err.trim().split('\n').at(-1) ?? '')
    : why;
}

/** Of a folder of this machine. */
export async function filesBelow(machine: Machine, folder: string): Promise<readonly TargetFile[]> {
  const names = await machine.list(folder);
  return Promise.all(
    names.map(async (name) => ({ name, size: (await machine.identity(`${folder}/${name}`))?.size ?? 0 })),
  );
}

/** Lines of `rsync --list-only`: mode, size with commas, date, time, name. */
export function filesIn(listing: string): readonly TargetFile[] {
  const lines = listing.matchAll(/^-\S+\s+([\d,.]+)\s+\S+\s+\S+\s+(.+)$/gm);
  return [...lines].map(([, size = '', name = '']) => ({ name, size: Number(size.replace(/[,.]/g, '')) }));
}
