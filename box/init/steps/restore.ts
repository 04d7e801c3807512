/**
 * A box that begins with another one's backup: before it makes anything of its own, and closed until all of that state is
 * here. It lies ready then, and the next step puts it in its place.
 */
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { alone } from '../../storage/backup/alone.ts';
import {
  hasKey,
  isNoted,
  nameOf,
  note,
  sourceOf,
  trustHost,
  type Wanted,
} from '../../storage/backup/first-restore.ts';
import { findBackups } from '../../storage/backup/listing.ts';
import { fill, peek, takeUp, unfinished } from '../../storage/backup/restore.ts';
import { withLifeSigns } from '../life-signs.ts';
import { backupIsMissing, helped, keyIsMissing, together } from '../restore-problems.ts';
import { keepOrMakeSshKey } from './backup.ts';
import type { Step } from './step.ts';
import { knownVersion, refuseWrongDisk, signsOfState } from './volume.ts';

export const restoreStep: Step = {
  title: 'restore',
  async done(box) {
    const { machine, settings } = box;
    const { restore } = settings;
    if (restore === undefined || (await machine.exists(paths.restored))) return true;
    await refuseWrongDisk(box);
    // Noted before it is taken up: without any state that was a power cut.
    if (!(await holdsState(machine))) return false;
    if (await isNoted(machine, restore)) return true;
    throw new Failure(
      `${paths.storage} has a state already, which did not come from ${nameOf(restore)}: nothing is put over it`,
      'to go on with it, remove box.restore from box.yaml and launch with the new user-data; to restore, give the box an empty volume',
    );
  },
  async run(box, tell) {
    const { machine, settings, now } = box;
    const { restore } = settings;
    if (restore === undefined) return;
    const { time } = restore;
    for (const path of [paths.backup, paths.backupCache, paths.backupFiles])
      await machine.putDirectory({ path, mode: 0o700 });
    try {
      await prepareHost(box, restore);
      await refuseEarly(box);
      const source = await sourceOf(machine, restore);
      await alone(machine, async () => {
        await refuseForeign(await peek(machine, source, 'mailinabox.version', time));
        await withLifeSigns(machine, `restoring ${nameOf(restore)}`, tell, () =>
          fill(machine, source, unfinished, time),
        );
        await note(machine, restore, now());
        await takeUp(machine);
      });
    } catch (error) {
      throw await helped(error, box, restore);
    }
  },
};

async function holdsState(machine: Machine): Promise<boolean> {
  for (const path of [paths.storageVersion, ...signsOfState]) if (await machine.exists(path)) return true;
  return false;
}

/** Another host is let in by its key, and lets this box in by one of its own. */
async function prepareHost({ machine, settings }: Box, restore: Wanted): Promise<void> {
  if (!restore.from.startsWith('rsync:')) return;
  const source = await sourceOf(machine, restore);
  if (source.kind !== 'rsync') return;
  await keepOrMakeSshKey(machine, settings.hostname);
  await trustHost(machine, source, restore);
}

/** What can be known before the first byte is brought here; all of it at once. */
async function refuseEarly(box: Box): Promise<void> {
  const { machine, settings } = box;
  const { restore } = settings;
  if (restore === undefined) return;
  const problems: Failure[] = (await hasKey(machine)) ? [] : [keyIsMissing(box)];
  try {
    const { backups } = await findBackups(machine, await sourceOf(machine, restore));
    if (backups.length === 0) problems.push(backupIsMissing(box, restore));
  } catch (error) {
    problems.push(await helped(error, box, restore));
  }
  if (problems.length > 0) throw together(problems);
}

/** Before hours are spent on it. */
function refuseForeign(version: string | undefined): void {
  const text = version?.trim() ?? '';
  if (text === String(knownVersion)) return;
  if (!/^\d+$/.test(text))
    throw new Failure(
      'the backup is not the state of a box: it has no mailinabox.version',
      'name another one in box.restore',
    );
  throw Number(text) > knownVersion
    ? new Failure(
        `the backup has layout version ${text}; this image knows ${knownVersion}`,
        'launch a newer image with the same user-data',
      )
    : new Failure(
        `the backup has layout version ${text}; this image reads ${knownVersion} only`,
        'upgrade the old machine to Mail-in-a-Box v75 first, and make a backup there',
      );
}
