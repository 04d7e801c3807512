/** Brings a storage root from another host; the second time, what changed since. */
import type { Box } from '../../machine/box.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { mustHaveRoom, sizeBelow } from '../../storage/backup/room.ts';
import type { Remote } from '../../storage/backup/target.ts';
import { versionIn } from '../old-box.ts';
import { writeNote } from './brought.ts';
import { fetchFolder } from './fetch.ts';
import { brought, noteName, unfinished } from './places.ts';
import { withProgress } from './progress.ts';

/** What no subject takes, and may be large: the old box's backups, its Nextcloud's files and their copies. And our own note. */
const without = [
  `/${noteName}`,
  '/backup/encrypted/*',
  '/backup/cache/*',
  '/owncloud/*/',
  '/owncloud-backup/*',
  '/lost+found',
];

export async function fetchRoot(
  from: Remote,
  name: string,
  { machine }: Box,
  say: (line: string) => void,
): Promise<void> {
  const folder = brought;
  await refuseUnknown(from, name, machine);
  const said = await fetchFolder(machine, from, folder, { without, dry: true });
  const kilobytes = (words: string) =>
    Math.ceil(
      Number(new RegExp(`^${words}: ([\\d,.]+)`, 'm').exec(said)?.[1]?.replace(/[,.]/g, '') ?? 0) / 1024,
    );
  const [total, toCome] = [kilobytes('Total file size'), kilobytes('Total transferred file size')];
  const already = Math.min(total, await sizeBelow(machine, [paths.movingIn]));
  // Once to here, and once more as this box's state.
  await mustHaveRoom(machine, { needed: toCome + total, already }, 'grow the disk, then again');
  await machine.putDirectory({ path: folder, mode: 0o700 });
  await writeNote(machine, `${brought}/${noteName}`, { from: name });
  await withProgress(machine, { doing: `fetching ${name}`, folder, total }, say, () =>
    fetchFolder(machine, from, folder, { without }),
  );
  await machine.own({ path: folder, mode: 0o700 });
}

/** Before hours are spent on the rest. */
async function refuseUnknown(from: Remote, name: string, machine: Machine): Promise<void> {
  const folder = unfinished;
  await machine.removeTree(folder);
  await machine.putDirectory({ path: folder, mode: 0o700 });
  try {
    await fetchFolder(machine, from, folder, {}, ['mailinabox.version']);
    versionIn((await machine.withStorage(folder).read(paths.storageVersion)) ?? '', name);
  } finally {
    await machine.removeTree(folder);
  }
}
