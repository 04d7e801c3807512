/**
 * What is written while it is read would be copied in pieces that do not fit. So databases are not copied as files: a copy is
 * made of each in one step, and the backup takes that. Nothing is stopped for it: mail comes in meanwhile.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { command } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';
import { copyDatabase } from '../../machine/sqlite.ts';

/** SQLite's, where the image has them. */
const databases = [paths.accounts, paths.webmailDatabase, paths.davDatabase];

/** A path of the storage root as a backup knows it. */
export const below = (path: string) => path.slice(paths.storage.length + 1);
export const snapshotOf = (database: string, folder: string = paths.backupSnapshots) =>
  `${folder}/${below(database)}`;

/** In duplicity's words what of the storage root is copied; the first that fits counts. */
export const selection: readonly string[] = [
  ...['--include', paths.backupSnapshots],
  ...[
    paths.backup,
    // Its own owner's copies, in a Mail-in-a-Box.
    `${paths.storage}/owncloud-backup`,
    `${paths.storage}/lost+found`,
    ...databases,
    ...databases.map((database) => `${database}-*`),
    `${paths.groupwareDatabase}*`,
    // Copies of databases that are in it already, and what says whose state it was.
    paths.lastGood,
    paths.stateMark,
    // It holds nothing that the mails don't.
    paths.search,
    paths.restoredMail,
    // From a copy it would go out a second time.
    `${paths.mailQueue}/**`,
    // Who was asked to come again is asked once more.
    `${paths.postgreyDatabase}/**`,
  ].flatMap((path) => ['--exclude', path]),
];

export async function takeSnapshots(machine: Machine): Promise<void> {
  await machine.removeTree(paths.backupSnapshots);
  await machine.putDirectory({ path: paths.backupSnapshots, mode: 0o700 });
  for (const database of databases) {
    // Whatever else the webmail's own user laid there is no database.
    if (!(await machine.isPlainFile(database))) continue;
    const snapshot = snapshotOf(database);
    await machine.putDirectory({ path: snapshot.slice(0, snapshot.lastIndexOf('/')), mode: 0o700 });
    await copyDatabase(machine, database, snapshot);
    const as = `--reference=${machine.at(database)}`;
    await machine.run(['chown', as, machine.at(snapshot)]);
    await machine.run(['chmod', as, machine.at(snapshot)]);
  }
  if (!(await machine.exists(paths.dumpGroupware))) return;
  const argv = command(await readImage(machine), 'startService', 'box-dump-groupware');
  const { code, err } = await machine.patiently(argv);
  if (code !== 0)
    throw new Failure(
      `the groupware’s database could not be written down: ${err.trim()}`,
      'see: journalctl -u box-dump-groupware; is PostgreSQL running?',
    );
}

/** In a folder that was restored: puts the copies where the databases lie. */
export async function placeSnapshots(machine: Machine, root: string): Promise<void> {
  const folder = `${root}/${below(paths.backupSnapshots)}`;
  for (const database of databases) {
    const snapshot = snapshotOf(database, folder);
    if (await machine.exists(snapshot)) await machine.moveOver(snapshot, `${root}/${below(database)}`);
  }
  // Of the backup itself nothing else is in a backup.
  await machine.removeTree(`${root}/${below(paths.backup)}`);
}
