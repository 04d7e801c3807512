/** Makes a backup: copies of the databases, duplicity, and away with what is old. One at a time; mail goes on meanwhile. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { alone, type Surroundings } from './alone.ts';
import { readBackupConfig } from './config.ts';
import { duplicity, isUnexplained } from './duplicity.ts';
import { findBackups } from './listing.ts';
import { whileThereIsRoom } from './room.ts';
import { isTestDue, testRestore } from './sample.ts';
import { isFullDue, type TargetFile } from './sets.ts';
import { selection, takeSnapshots } from './snapshots.ts';
import { type BackupState, keyDigest, readBackupState, writeBackupState } from './state.ts';
import { openStore } from './stores/open.ts';
import { isStore, makeFolderArgv, type Place, targetOf } from './target.ts';

export type Made = 'off' | 'full' | 'increment';

/** @throws Failure, which `box status` tells from then on */
export async function backUp({ machine, now }: Surroundings, full = false): Promise<Made> {
  const config = await readBackupConfig(machine);
  const { minAgeInDays } = config;
  const target = targetOf(config);
  if (target.kind === 'off') return 'off';
  return alone(machine, async () => {
    const before = await readBackupState(machine);
    const started = now().toISOString();
    await writeBackupState(machine, { ...before, started, atWork: true });
    try {
      const key = await keyDigest(machine);
      const forced = full || before.key !== key;
      const made = await make({ machine, now }, { target, minAgeInDays, forced, before });
      const state = { started, succeeded: now().toISOString(), key };
      await writeBackupState(machine, { ...state, tested: before.tested });
      if (isTestDue(before.tested, now()))
        await writeBackupState(machine, { ...state, tested: await testRestore(machine, target, now()) });
      return made;
    } catch (error) {
      const [what, hint] =
        error instanceof Failure
          ? [error.message, error.hint]
          : [String(error), 'this is a fault of the box program: please report it'];
      await writeBackupState(machine, { ...before, started, atWork: undefined, problem: { what, hint } });
      throw error;
    }
  });
}

interface Wanted {
  readonly target: Place;
  readonly minAgeInDays: number;
  /** It is to be a full one. */
  readonly forced: boolean;
  readonly before: BackupState;
}

async function make(
  { machine, now }: Surroundings,
  { target, minAgeInDays, forced, before }: Wanted,
): Promise<Made> {
  const { backups, loose } = await findBackups(machine, target, before);
  const isLeft = loose.length > 0 || before.atWork === true;
  // On another host duplicity goes on with what a power cut left: it may have taken days to bring it there.
  if (target.kind === 'local' && isLeft) await tidy(machine, target, loose);
  if (backups.length === 0) await makeFolder(machine, target);
  let full = forced || isFullDue(backups, minAgeInDays, now());
  try {
    await copy(machine, target, full).catch(async (error) => {
      if (target.kind === 'local' || !isLeft || !isUnexplained(error)) throw error;
      // Where it can't go on, that is thrown away, and all is copied anew; not where the other host has just gone away.
      await tidy(machine, target, loose);
      full = true;
      await copy(machine, target, full);
    });
  } catch (error) {
    // Half a backup is of no use, and takes the room of mail.
    if (target.kind === 'local')
      await findBackups(machine, target)
        .then((left) => tidy(machine, target, left.loose))
        .catch(() => undefined);
    throw error;
  } finally {
    await machine.removeTree(paths.backupSnapshots);
  }
  const options = [`${minAgeInDays}D`, '--force'];
  await duplicity(machine, { action: 'remove-older-than', options, target });
  return full ? 'full' : 'increment';
}

/** duplicity wants it to be there. */
async function makeFolder(machine: Machine, target: Place): Promise<void> {
  if (isStore(target)) await (await openStore(machine, target)).makeFolder();
  if (target.kind !== 'rsync') return;
  await machine.removeTree(paths.backupWork);
  await machine.putDirectory({ path: paths.backupWork, mode: 0o700 });
  const { code, err } = await machine.outcome(makeFolderArgv(target, machine.at(paths.backupWork)));
  if (code !== 0)
    throw new Failure(
      `${target.path} can’t be made on ${target.host}: ${err.trim().split('\n')[0]}`,
      'make it there by hand',
    );
}

const copy = (machine: Machine, target: Place, full: boolean) =>
  whileThereIsRoom(machine, async (until) => {
    await takeSnapshots(machine);
    const action = full ? 'full' : 'incremental';
    // MB. To a store it sends one out of its memory.
    const volume = isStore(target) ? '25' : '100';
    const options = ['--no-print-statistics', '--allow-source-mismatch', '--volsize', volume, ...selection];
    await duplicity(machine, { action, options, from: paths.storage, target, until });
    // duplicity leaves it to the kernel when; and what is too old goes next.
    if (target.kind === 'local') await machine.patiently(['sync']);
  });

/**
 * Throws away what a broken run left. duplicity's own `cleanup` leaves signatures without a backup, which stop it the next
 * time; so on the box itself the files are removed by their names, and the cache, which it then makes anew.
 */
async function tidy(machine: Machine, target: Place, loose: readonly TargetFile[]): Promise<void> {
  if (target.kind === 'local')
    for (const { name } of loose) await machine.remove(`${paths.backupFiles}/${name}`);
  await machine.removeTree(paths.backupCache);
  await machine.putDirectory({ path: paths.backupCache, mode: 0o700 });
  if (target.kind !== 'local') await duplicity(machine, { action: 'cleanup', options: ['--force'], target });
}
