/**
 * Gives the state of a backup back: into a folder of one's choice, or as the storage root of this box. The latter is laid
 * beside it and taken up at the next boot, when nothing runs that writes there.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { alone, type Surroundings } from './alone.ts';
import { readBackupConfig } from './config.ts';
import { duplicity } from './duplicity.ts';
import { whileThereIsRoom } from './room.ts';
import { placeSnapshots, selection } from './snapshots.ts';
import { type Place, targetOf } from './target.ts';

/** duplicity's words for a time: `2026-11-26`, `20261126T133000Z`, or how long ago, `3D`. */
const timePattern = /^(\d{8}T\d{6}Z|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z))?|(\d+[smhDWMY])+|now)$/;

/** @throws Failure for what is none of them */
export function whenever(time: string | undefined): string | undefined {
  if (time === undefined || timePattern.test(time)) return time;
  throw new Failure(`${time} is no time`, 'such as 2026-11-26, 3D (days ago), or one of: box backup list');
}

/** Where it now lies. `time`: as it was then; the last backup where absent. */
export async function restore(
  { machine }: Surroundings,
  into: string,
  when: string | undefined,
): Promise<string> {
  const time = whenever(when);
  const target = await placeOf(machine);
  const asState = into === paths.storage;
  const folder = asState ? unfinished : into;
  if (asState) await refuseSecond(machine);
  else if (into.startsWith(`${paths.storage}/`))
    throw new Failure(
      `${into} lies in the storage root, and would be in the next backup`,
      'name a folder elsewhere',
    );
  else if (
    (await machine.exists(into)) &&
    (!(await machine.isFolder(into)) || (await machine.list(into)).length > 0)
  )
    throw new Failure(`${into} is there, and not empty`, 'name a new folder');
  return alone(machine, async () => {
    await fill(machine, target, folder, time);
    if (!asState) return folder;
    await takeUp(machine);
    return paths.restored;
  });
}

/** Beside `restored`, which it becomes when it is whole. */
export const unfinished = `${paths.restored}.new`;

/** Puts a backup into a folder. What an earlier try left in that of a state goes before, and after a failure too. */
export async function fill(
  machine: Machine,
  target: Place,
  folder: string,
  time: string | undefined,
): Promise<void> {
  const asState = folder === unfinished;
  await machine.removeTree(unfinished);
  try {
    await whileThereIsRoom(machine, (until) =>
      duplicity(machine, {
        action: 'restore',
        options: ['--force', ...atTime(time)],
        target,
        to: folder,
        until,
      }),
    );
  } catch (error) {
    if (asState) await machine.removeTree(folder);
    throw error;
  }
  await placeSnapshots(machine, folder);
}

/** Has the next `box init` put the state in its place: by name, once all of it is on the disk and not only on its way there. */
export async function takeUp(machine: Machine): Promise<void> {
  await machine.patiently(['sync']);
  await machine.moveOver(unfinished, paths.restored);
}

/** Reads one small file of a backup, which shows whether the key fits, without bringing all of it here. Undefined: it is not in there. */
export async function peek(
  machine: Machine,
  target: Place,
  path: string,
  time: string | undefined,
): Promise<string | undefined> {
  const place = `${paths.backup}/.peek`;
  await machine.removeTree(place);
  try {
    await bring(machine, target, path, place, time);
    return await machine.read(place);
  } finally {
    await machine.removeTree(place);
  }
}

/** Puts a file or a folder of a backup at a place where nothing is. False: it is not in there. */
export async function bring(
  machine: Machine,
  target: Place,
  path: string,
  place: string,
  time: string | undefined,
  until?: AbortSignal,
): Promise<boolean> {
  // The long name of the option is another one in duplicity 2 and newer.
  const options = ['-r', path, ...atTime(time)];
  await duplicity(machine, { action: 'restore', options, target, to: place, fine: [0, notInThere], until });
  return machine.exists(place);
}
/** duplicity's exit code for a path that no backup has. */
const notInThere = 19;

const atTime = (time: string | undefined) => (time === undefined ? [] : ['--time', time]);

/** Reads the whole of the last backup and compares it with what is there. Gives duplicity's last words. */
export async function verify({ machine }: Surroundings): Promise<string> {
  const target = await placeOf(machine);
  return alone(machine, async () => {
    const said = await duplicity(machine, {
      action: 'verify',
      options: ['--verbosity', 'notice', ...selection],
      target,
      to: paths.storage,
      // 1: something has changed since.
      fine: [0, 1],
    });
    const [, files, differences] =
      /Verify complete: (\d+) file(?:s|\(s\))? compared, (\d+) difference/.exec(said) ?? [];
    if (files === undefined)
      throw new Failure('the backup could not be read to its end', 'see: box backup list');
    return `${files} files of the last backup were read; ${differences} have changed since`;
  });
}

export async function placeOf(machine: Machine): Promise<Place> {
  const target = targetOf(await readBackupConfig(machine));
  if (target.kind !== 'off') return target;
  throw new Failure('backups are off', 'name a target in the control panel, or in backup/custom.yaml');
}

/** @throws Failure where a state lies ready already, or one that was set aside still does */
export async function refuseSecond(machine: Surroundings['machine']): Promise<void> {
  for (const path of [paths.restored, paths.replaced]) {
    if (await machine.exists(path))
      throw new Failure(`${path} is there, of an earlier restore`, 'look through it, and remove it');
  }
}
