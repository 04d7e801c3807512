/** Looks at the whole of the old box: what comes, what does not, and everything that keeps it from being done. Changes nothing. */
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { refuseSecond } from '../storage/backup/restore.ts';
import { keptFree } from '../storage/backup/room.ts';
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
  await attempt(mustHaveRoom(old, box));
  return { old, found, problems };
}

export async function forget({ machine }: Pick<Box, 'machine'>): Promise<void> {
  await machine.removeTree(paths.moveInWork);
}

/** What is copied must fit beside what is there, and leave what backups leave too. */
async function mustHaveRoom({ machine: source }: OldBox, { machine }: Box): Promise<void> {
  const folders = subjects.flatMap(({ folders: all = [] }) => all.map(({ path }) => path));
  const there: string[] = [];
  for (const path of folders) if (await source.isFolder(path)) there.push(source.at(path));
  if (there.length === 0) return;
  const { out } = await machine.patiently(['du', '-sk', '--', ...there]);
  const needed = out.split('\n').reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
  const already = (await machine.isFolder(paths.movingIn))
    ? Number.parseInt((await machine.patiently(['du', '-sk', '--', machine.at(paths.movingIn)])).out, 10) || 0
    : 0;
  const [, , used, available] =
    (await machine.run(['df', '-P', '-k', machine.at(paths.storage)]))
      .trim()
      .split('\n')
      .at(-1)
      ?.split(/\s+/) ?? [];
  const total = Number(used) + Number(available);
  const left = Number(available) - Math.max(0, needed - already);
  if (!(left < (total * keptFree) / 100)) return;
  const mib = (kilobytes: number) => `${Math.ceil(kilobytes / 1024)} MiB`;
  throw new Failure(
    `the disk has not the room: ${mib(needed)} are copied, ${mib(Number(available))} are free, and the last ${keptFree}% are kept for mail`,
    'grow the disk, or put the old storage root on a disk of its own',
  );
}
