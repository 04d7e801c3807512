/**
 * Gives the state of a backup back: into a folder of one's choice, or as the storage root of this box. The latter is laid
 * beside it and taken up at the next boot, when nothing runs that writes there.
 */
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { readBackupConfig } from './config.ts';
import { duplicity } from './duplicity.ts';
import { whileThereIsRoom } from './room.ts';
import { alone, type Surroundings } from './run.ts';
import { placeSnapshots, selection } from './snapshots.ts';
import { type Place, targetOf } from './target.ts';

/** duplicity's words for a time: `2026-11-26`, `20261126T133000Z`, or how long ago, `3D`. */
const timePattern = /^(\d{8}T\d{6}Z|\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z))?|(\d+[smhDWMY])+|now)$/;

/** Where it now lies. `time`: as it was then; the last backup where absent. */
export async function restore(
  { machine }: Surroundings,
  into: string,
  time: string | undefined,
): Promise<string> {
  if (time !== undefined && !timePattern.test(time))
    throw new Failure(`${time} is no time`, 'such as 2026-11-26, 3D (days ago), or one of: box backup list');
  const target = await placeOf(machine);
  const asState = into === paths.storage;
  const folder = asState ? `${paths.restored}.new` : into;
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
    await machine.removeTree(`${paths.restored}.new`);
    try {
      await whileThereIsRoom(machine, (until) =>
        duplicity(machine, {
          action: 'restore',
          options: ['--force', ...(time === undefined ? [] : ['--time', time])],
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
    if (!asState) return folder;
    await machine.moveOver(folder, paths.restored);
    return paths.restored;
  });
}

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

async function placeOf(machine: Surroundings['machine']): Promise<Place> {
  const target = targetOf((await readBackupConfig(machine)).target);
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
