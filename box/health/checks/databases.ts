/** The databases are whole; one that was not, and what became of it, is told until its owner has looked at it. */
import { conditions, setAside } from '../../storage/databases.ts';
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

const title = 'databases';

export const databasesAreWhole: Check = async ({ machine }) => {
  const results: CheckResult[] = [];
  for (const { path, condition, hasCopy } of await conditions(machine)) {
    if (condition === 'whole') continue;
    const how = `is ${condition}`;
    results.push(
      hasCopy
        ? error(
            title,
            `${path} ${how}`,
            'box init puts the last good copy in its place; where that is damaged too: box backup restore DIR',
          )
        : error(
            title,
            `${path} ${how}, and there is no copy`,
            'restore it from a backup: box backup restore DIR',
          ),
    );
  }
  for (const path of await setAside(machine))
    results.push(
      warning(
        title,
        `${path} was damaged and lies aside; what was changed after the last good copy of it is lost`,
        `check the disk (dmesg) and what was changed last, then: rm ${path}`,
      ),
    );
  return results.length > 0 ? results : [ok(title, 'whole')];
};
