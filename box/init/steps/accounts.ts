/** users.sqlite, the first account, and the aliases that every mail domain must have. */
import { isDatabaseInPlace, makeDatabase } from '../../mail/database.ts';
import { storedPassword } from '../../mail/password.ts';
import { addFirstAccount, hasRequiredAliases, putRequiredAliases, readMailData } from '../../mail/users.ts';
import type { Step } from './step.ts';

export const accountsStep: Step = {
  title: 'accounts',
  async done({ machine, settings: { hostname } }) {
    if (!(await isDatabaseInPlace(machine))) return false;
    const data = await readMailData(machine);
    return data.users.length > 0 && hasRequiredAliases(hostname, data);
  },
  async run({ machine, settings: { hostname, admin } }) {
    await makeDatabase(machine);
    await addFirstAccount(machine, admin.email, storedPassword(admin.passwordHash));
    await putRequiredAliases(machine, hostname);
  },
};
