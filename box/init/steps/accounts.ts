/** users.sqlite, the first account, the aliases that every mail domain must have, and where uses of app passwords are noted. */
import { paths } from '../../machine/paths.ts';
import { isDatabaseInPlace, makeDatabase } from '../../mail/database.ts';
import { storedPassword } from '../../mail/password.ts';
import { addFirstAccount, hasRequiredAliases, putRequiredAliases, readMailData } from '../../mail/users.ts';
import type { Step } from './step.ts';

/** Dovecot notes them as the mailboxes' user: what is not written, or forged there, opens nothing. */
const uses = { path: paths.appPasswordUses, mode: 0o700, owner: 'mail', group: 'mail' } as const;

export const accountsStep: Step = {
  title: 'accounts',
  async done({ machine, settings: { hostname } }) {
    if (!(await isDatabaseInPlace(machine)) || !(await machine.isOwned(uses))) return false;
    const data = await readMailData(machine);
    return data.users.length > 0 && hasRequiredAliases(hostname, data);
  },
  async run({ machine, settings: { hostname, admin } }) {
    await makeDatabase(machine);
    await machine.putDirectory(uses);
    await addFirstAccount(machine, admin.email, storedPassword(admin.passwordHash));
    await putRequiredAliases(machine, hostname);
  },
};
