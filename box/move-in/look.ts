/** Looks at the whole of the old box: what comes, what does not, and everything that keeps it from being done. Changes nothing. */
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { refuseSecond } from '../storage/backup/restore.ts';
import { mustHaveRoom, sizeBelow } from '../storage/backup/room.ts';
import { type Found, type OldBox, ofTheOldBox, readVersion } from './old-box.ts';
import { prepareAccounts } from './subjects/accounts.ts';
import { subjects } from './subjects/index.ts';

export interface Look {
  /** Absent where the folder is no storage root, or its accounts can't be read: then nothing else can be judged. */
  readonly old?: OldBox;
  readonly found: readonly (readonly [title: string, found: Found])[];
  readonly problems: readonly Failure[];
}

/** Leaves the copy of the accounts in `/run`, for whoever goes on; `forget` removes it. */
export async function lookAt(box: Box, folder: string): Promise<Look> {
  const { machine } = box;
  const problems: Failure[] = [];
  const attempt = <T>(work: Promise<T>): Promise<T | undefined> =>
    work.catch((error) => {
      problems.push(ofTheOldBox(folder, error));
      return undefined;
    });
  await refuseSecond(machine).catch((error) => {
    if (!(error instanceof Failure)) throw error;
    problems.push(error);
  });
  const version = await attempt(readVersion(machine, folder));
  if (version === undefined) return { found: [], problems };
  const source = machine.withStorage(folder);
  const prepared = await attempt(prepareAccounts(box, source));
  if (prepared === undefined) return { found: [], problems };
  const old: OldBox = { folder, machine: source, version, ...prepared };
  const found: [string, Found][] = [];
  for (const { title, look } of subjects) {
    const it = await attempt(look(old, box));
    if (it !== undefined) found.push([title, it]);
    problems.push(...(it?.problems ?? []));
  }
  await attempt(mustHaveRoomFor(old, box));
  return { old, found, problems };
}

export async function forget({ machine }: Pick<Box, 'machine'>): Promise<void> {
  await machine.removeTree(paths.moveInWork);
}

/** What is copied must fit beside what is there, and leave what backups leave too. */
async function mustHaveRoomFor({ machine: source }: OldBox, { machine }: Box): Promise<void> {
  const folders = subjects.flatMap(({ folders: all = [] }) => all.map(({ path }) => path));
  const needed = await sizeBelow(source, folders);
  if (needed === 0) return;
  const already = await sizeBelow(machine, [paths.movingIn]);
  await mustHaveRoom(
    machine,
    { needed, already },
    'grow the disk, or put the old storage root on a disk of its own',
  );
}
