/** The accounts can be read, the administrator is reached, and mail is signed. */
import { keyFile, publishes, readRecordFile, readSelectors } from '../../keys/dkim/selectors.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { Failure } from '../../machine/failure.ts';
import { currentTables } from '../../mail/opendkim.ts';
import { isAdmin } from '../../mail/required-aliases.ts';
import { hasRequiredAliases, readMailData } from '../../mail/users.ts';
import { type Check, type CheckResult, error, ok, warning } from './check.ts';

export const accountsAreWell: Check = async ({ machine, settings: { hostname } }) => {
  const title = 'accounts';
  try {
    const data = await readMailData(machine);
    const admins = data.users.filter(isAdmin);
    const results: CheckResult[] = [];
    if (admins.length === 0) {
      results.push(error(title, 'there is no administrator', 'box account add EMAIL --admin'));
    } else if (admins.every((user) => user.locked)) {
      const { email } = admins[0] as (typeof admins)[number];
      results.push(warning(title, 'no administrator has a password', `box account password ${email}`));
    }
    if (!hasRequiredAliases(hostname, data)) {
      results.push(error(title, 'a required alias is missing', 'reboot: the box makes what is missing'));
    }
    return results.length > 0 ? results : [ok(title, `${data.users.length}, of them ${admins.length} admin`)];
  } catch (cause) {
    if (cause instanceof Failure) return [error(title, cause.message, cause.hint)];
    throw cause;
  }
};

export const mailIsSigned: Check = async ({ machine, settings: { hostname } }) => {
  const title = 'DKIM';
  const remedy = 'reboot: the box makes what is missing';
  const { signing, published } = await readSelectors(machine);
  for (const selector of published) {
    const key = await readKey(machine, keyFile(selector).path);
    const record = await readRecordFile(machine, selector);
    if (key === undefined) return [error(title, `there is no key of the selector ${selector}`, remedy)];
    if (record === undefined || !publishes(record, key)) {
      return [error(title, `the record of the selector ${selector} is not for its key`, remedy)];
    }
  }
  for (const table of await currentTables(machine, hostname)) {
    if (!(await machine.holds(table))) return [error(title, `${table.path} is out of date`, remedy)];
  }
  return [ok(title, `signs with the selector ${signing}`)];
};
