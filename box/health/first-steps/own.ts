/** What no check looks at, since it is no fault: whether the box's owner has done what only they can. */
import type { Machine } from '../../machine/machine.ts';
import { accountsWithFactors } from '../../mail/factors.ts';
import { isAdmin } from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import { isKeyKnown } from '../../storage/backup/state.ts';
import { type CheckResult, ofStep, ok } from '../checks/check.ts';

/** Of what is not done, as of accounts that can't be read, nothing: the step has words of its own. */
export async function doneByOwner(machine: Machine): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  if (await isKeyKnown(machine)) results.push(...ofStep('backup-key', ok('key of the backups', 'was shown')));
  const { users, withFactors } = await readAccounts(machine);
  // Who has no password can't log in.
  const admins = users.filter((user) => isAdmin(user) && !user.locked);
  if (admins.length > 0 && admins.every(({ email }) => withFactors.has(email)))
    results.push(...ofStep('second-factor', ok('second factor', 'each administrator has one')));
  if (users.length > 1) results.push(...ofStep('first-user', ok('users', `${users.length}`)));
  return results;
}

/** A database that is missing or damaged is what checks tell of; here it must not hide the other steps. */
async function readAccounts(machine: Machine) {
  try {
    const { users } = await readMailData(machine);
    return { users, withFactors: await accountsWithFactors(machine) };
  } catch {
    return { users: [], withFactors: new Set<string>() };
  }
}
