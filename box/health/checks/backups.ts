/** Backups are made every night, and the last one went well. */
import { paths } from '../../machine/paths.ts';
import { readBackupConfig } from '../../storage/backup/config.ts';
import { readBackupState } from '../../storage/backup/state.ts';
import { type Target, targetOf } from '../../storage/backup/target.ts';
import { type Check, type CheckResult, error, ofStep, ok, type Subject, warning } from './check.ts';

const title = 'backups';
const day = 86_400_000;
const copyKey = `keep a copy of ${paths.backupKey} elsewhere: without it no backup can be read`;

export const backupsAreMade: Check = async (subject) => {
  const target = targetOf(await readBackupConfig(subject.machine));
  const results = await lookAt(target, subject);
  // Whatever is said of those that lie on this box: they are no step away from losing both.
  return target.kind === 'off' || target.kind === 'local' ? results : ofStep('backup', ...results);
};

async function lookAt(target: Target, { machine, now }: Subject): Promise<CheckResult[]> {
  if (target.kind === 'off')
    return [
      warning(
        title,
        'are off: what is lost on this box is lost',
        'name a target in the control panel, at Backups',
        'backups',
      ),
    ];
  const { started, succeeded, problem, tested } = await readBackupState(machine);
  const days = succeeded === undefined ? undefined : (now().getTime() - Date.parse(succeeded)) / day;
  if (problem !== undefined)
    return [error(title, `the last try failed: ${problem.what}`, problem.hint, 'backups')];
  if (days === undefined)
    return [
      warning(
        title,
        started === undefined
          ? 'there is none yet'
          : 'there is none yet: the first one is at work, or was broken off',
        'the next one is made in the night; to make it now: the control panel, at Backups, or box backup run',
        'backups',
      ),
    ];
  // Minutes are nothing: a clock that is set right may go back a little.
  if (days < -1 / 24)
    return [
      warning(
        title,
        `the last one is of ${succeeded}, which is yet to come: the clock is wrong, or was when it was made`,
        'when the clock is right (date): box backup run',
      ),
    ];
  if (days > 7)
    return [
      error(
        title,
        `the last one is ${Math.floor(days)} days old`,
        'make one now and see what it says: box backup run',
        'backups',
      ),
    ];
  if (tested?.problem !== undefined)
    return [
      error(title, `what a test restored of it is not right: ${tested.problem.what}`, tested.problem.hint),
    ];
  const when = days < 1 ? 'less than a day ago' : `${Math.floor(days)} days ago`;
  const sample = tested === undefined ? '' : `; a sample of one was restored on ${tested.at.slice(0, 10)}`;
  if (target.kind !== 'local')
    return [ok(title, `the last one was made ${when}, on ${target.host}${sample}; ${copyKey}`)];
  return [
    ok(
      title,
      `the last one was made ${when}${sample}; it lies on this box: copy it elsewhere too, and its key`,
    ),
  ];
}
