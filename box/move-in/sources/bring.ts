/**
 * Brings the storage root of an old box to a folder of this machine, where `box move-in` looks at it and takes it. All that is known to be
 * wrong is said before a byte of it is brought; a run that was cut goes on with what is here.
 */
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { filesAt, filesBelow } from '../../storage/backup/listing.ts';
import { refuseSecond } from '../../storage/backup/restore.ts';
import { backupsIn, filesOfLastChain } from '../../storage/backup/sets.ts';
import { isNoRoot } from '../old-box.ts';
import { refuseOthers } from './brought.ts';
import { fetchRoot } from './fetch-root.ts';
import { readKeyFile } from './key-file.ts';
import { brought } from './places.ts';
import { readBackup } from './read-backup.ts';
import { inOwnWords } from './remedies.ts';
import { tellHostKey } from './shown-host.ts';
import type { Source } from './source.ts';

export interface Brought {
  /** Where it lies now; absent where there are problems. */
  readonly folder?: string;
  readonly problems: readonly Failure[];
}

export async function bring(source: Source, box: Box, say: (line: string) => void): Promise<Brought> {
  const { machine } = box;
  const { from, key, name } = source;
  const isHere = typeof from === 'string';
  const problems: Failure[] = [];
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      problems.push(await inOwnWords(error, source, machine));
      return undefined;
    }
  };
  if (isHere && key === undefined) {
    const files = await filesBelow(machine, from);
    if (backupsIn(files).backups.length > 0) problems.push(keyIsNotNamed(name));
    return problems.length > 0 ? { problems } : { folder: from, problems };
  }
  await attempt(() => refuseSecond(machine));
  await attempt(() => refuseOthers(machine, name));
  const phrase = key === undefined ? undefined : await attempt(() => readKeyFile(machine, key));
  const files = await attempt(async () => {
    if (isHere) return filesBelow(machine, from);
    const there = await filesAt(machine, from);
    await tellHostKey(machine, from, name, say);
    return there;
  });
  if (files !== undefined) {
    const hasBackups = backupsIn(files).backups.length > 0;
    if (key !== undefined && !hasBackups)
      problems.push(
        new Failure(
          `${name} holds no whole backup`,
          `it is the folder with the files duplicity-full…: on the old box ${paths.backupFiles}`,
        ),
      );
    if (key === undefined && !files.some((file) => file.name === 'mailinabox.version'))
      problems.push(hasBackups ? keyIsNotNamed(name) : isNoRoot(name));
  }
  if (problems.length > 0 || files === undefined) return { problems };
  const folder = await attempt(async () => {
    if (phrase !== undefined) await readBackup(source, filesOfLastChain(files), phrase, box, say);
    else if (!isHere) await fetchRoot(from, name, box, say);
    return brought;
  });
  return { ...(folder === undefined ? {} : { folder }), problems };
}

const keyIsNotNamed = (name: string) =>
  new Failure(`${name} holds backups`, 'name the file with their key too: --key secret_key.txt');
