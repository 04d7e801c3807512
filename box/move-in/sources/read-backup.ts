/** Makes a storage root of an old box's last backup, here. One that is here already is not read again. */
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { Explained } from '../../storage/backup/duplicity.ts';
import { fill, peek } from '../../storage/backup/restore.ts';
import { mustHaveRoom, sizeBelow } from '../../storage/backup/room.ts';
import { backupsIn, sizeOf, stamp, type TargetFile } from '../../storage/backup/sets.ts';
import type { ForeignFolder } from '../../storage/backup/target.ts';
import { versionIn } from '../old-box.ts';
import { readNote, writeNote } from './brought.ts';
import { fetchFolder } from './fetch.ts';
import { backupFiles, brought, keyFile, noteName, unfinished } from './places.ts';
import { withProgress } from './progress.ts';
import type { Source } from './source.ts';

type Say = (line: string) => void;

/** @param files of the last full backup and its increments; @param phrase its key */
export async function readBackup(
  source: Source,
  files: readonly TargetFile[],
  phrase: string,
  { machine }: Box,
  say: Say,
): Promise<void> {
  const { from, name } = source;
  const backup = stamp(backupsIn(files).backups[0]?.time ?? new Date(0));
  if ((await readNote(machine))?.backup === backup) return;
  await machine.removeTree(unfinished);
  await refuseFull(machine, source, files);
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.put({ path: keyFile, mode: 0o600, text: `${phrase}\n` });
  try {
    if (typeof from !== 'string') await fetchFiles(machine, source, files, say);
    const place = placeOf(source);
    // Before the rest is read: by it the key is known, too.
    const version = await peek(machine, place, 'mailinabox.version', undefined);
    if (version === undefined)
      throw new Failure(`the backup in ${name} has no mailinabox.version`, 'is it that of a Mail-in-a-Box?');
    versionIn(version, name);
    // An older one.
    await machine.removeTree(brought);
    const doing = { doing: `reading the backup of ${backup}`, folder: unfinished };
    await withProgress(machine, doing, say, () => fill(machine, place, unfinished, undefined));
  } finally {
    await machine.remove(keyFile);
  }
  await machine.own({ path: unfinished, mode: 0o700 });
  const note = `${unfinished}/${noteName}`;
  await writeNote(machine, note, { from: name, backup });
  await machine.patiently(['sync']);
  await machine.moveOver(unfinished, brought);
  await machine.removeTree(backupFiles);
}

const placeOf = ({ from }: Source): ForeignFolder => ({
  kind: 'foreign',
  path: typeof from === 'string' ? from : backupFiles,
  key: keyFile,
});

/** What it holds is known once it is read: at the least what it takes itself. Then comes the copy of that. */
async function refuseFull(machine: Machine, { from }: Source, files: readonly TargetFile[]): Promise<void> {
  const isHere = typeof from === 'string';
  const full = backupsIn(files).backups.at(-1)?.size ?? 0;
  const needed = Math.ceil(((isHere ? full : sizeOf(files)) + full) / 1024);
  const already = isHere ? 0 : await sizeBelow(machine, [backupFiles]);
  await mustHaveRoom(machine, { needed, already }, 'grow the disk, then again');
}

/** Those first that tell whether the key fits: they are small. */
async function fetchFiles(
  machine: Machine,
  source: Source,
  files: readonly TargetFile[],
  say: Say,
): Promise<void> {
  const { from, name } = source;
  if (typeof from === 'string') return;
  const folder = backupFiles;
  const names = files.map((file) => file.name);
  await machine.putDirectory({ path: folder, mode: 0o700 });
  const manifests = names.filter((file) => /\.manifest(\.gpg)?$/.test(file));
  await fetchFolder(machine, from, folder, {}, manifests);
  await peek(machine, placeOf(source), 'mailinabox.version', undefined).catch((error) => {
    // Whatever else it says: there is nothing to read yet.
    if (error instanceof Explained && error.why === 'another key') throw error;
  });
  const total = Math.ceil(sizeOf(files) / 1024);
  await withProgress(machine, { doing: `fetching ${name}`, folder, total }, say, () =>
    fetchFolder(machine, from, folder, {}, names),
  );
}
