/** Accounts with passwords, second factors and quotas, and aliases: the database as it is, brought to the newest schema. */
import { accountPattern } from '../../../contract/settings.ts';
import type { Box } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { databaseFile, transact } from '../../mail/database.ts';
import { storedPassword } from '../../mail/password.ts';
import { quotaOf } from '../../mail/quota.ts';
import { isAdmin } from '../../mail/required-aliases.ts';
import { addAccount, readMailData, setPrivileges } from '../../mail/users.ts';
import { migrate } from '../migrations.ts';
import { type Admin, counted, type OldBox } from '../old-box.ts';
import type { Subject } from './subject.ts';

/**
 * Copies the accounts to `/run`, brings them to the newest schema, and sees to it that the settings' account is one of
 * them and rules: whoever launched this box must get in.
 */
export async function prepareAccounts(
  { machine, settings }: Box,
  old: Machine,
): Promise<Pick<OldBox, 'accounts' | 'admin'>> {
  const accounts = machine.withStorage(paths.moveInWork);
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.putDirectory({ path: paths.moveInWork, mode: 0o700 });
  await accounts.putDirectory({ path: paths.mail, mode: 0o700 });
  if (!(await old.isPlainFile(paths.accounts)))
    throw new Failure(`${paths.accounts} is missing`, 'copy the whole storage root of the old box');
  // With what was being written when it was copied.
  for (const part of ['', '-journal', '-wal']) {
    const file = `${paths.accounts}${part}`;
    await accounts.remove(file);
    if (await old.isPlainFile(file)) await machine.run(['cp', '--', old.at(file), accounts.at(file)]);
  }
  await migrate(accounts);
  const { email, passwordHash } = settings.admin;
  const { users, aliases } = await readMailData(accounts);
  const own = users.find((user) => user.email === email);
  if (own === undefined) {
    if (aliases.some(({ source }) => source === email)) return { accounts, admin: 'alias' };
    await addAccount(accounts, email, storedPassword(passwordHash), true);
    return { accounts, admin: 'added' };
  }
  if (!isAdmin(own))
    await setPrivileges(accounts, email, [own.privileges, 'admin'].filter(Boolean).join('\n'));
  return { accounts, admin: 'old' };
}

export const accountsSubject: Subject = {
  title: 'accounts',
  async look({ accounts, admin: rulesBy }, { settings: { hostname, admin } }) {
    const { users, aliases } = await readMailData(accounts);
    const [factors, passwords, before] = await transact(accounts, [
      { sql: 'SELECT COUNT(DISTINCT user_id) AS count FROM mfa' },
      { sql: "SELECT email FROM users WHERE password NOT LIKE '{SHA512-CRYPT}$6$%' ORDER BY email" },
      { sql: "SELECT source FROM aliases WHERE source LIKE 'administrator@%' ORDER BY id LIMIT 1" },
    ]);
    const list = (all: readonly string[]) => `${all.slice(0, 5).join(', ')}${all.length > 5 ? ' …' : ''}`;
    const stays: string[] = [];
    const noPassword = (passwords?.rows ?? []).map(({ email }) => String(email));
    if (noPassword.length > 0)
      stays.push(
        `passwords that are not SHA512-CRYPT, of ${list(noPassword)}: they can’t log in until: box account password EMAIL`,
      );
    const odd = users.filter(({ email }) => !accountPattern.test(email)).map(({ email }) => email);
    if (odd.length > 0)
      stays.push(`${list(odd)}: no address that a box would give an account; they stay as they are`);
    const quotas = users.filter(({ quota }) => !isQuota(quota)).map(({ email }) => email);
    if (quotas.length > 0)
      stays.push(`quotas that can’t be read, of ${list(quotas)}: set them by: box account quota EMAIL SIZE`);
    const oldName = String(before?.rows[0]?.source ?? '').split('@')[1];
    if (oldName !== undefined && oldName !== hostname)
      stays.push(
        `the name ${oldName}: this box is ${hostname}, and people’s programs must be told so. To keep the old name, launch ` +
          `the box with \`hostname: ${oldName}\` and move in there`,
      );
    const problems: Failure[] = [];
    if (!users.some(isAdmin))
      problems.push(
        new Failure(
          `no account would rule: ${admin.email}, the settings’ account, is an alias there`,
          'give an account of the old box the right of an administrator, or launch the box with another admin',
        ),
      );
    return {
      comes: `${counted(users.length, 'account')} with passwords, ${Number(factors?.rows[0]?.count)} of them with a second factor; ${counted(aliases.length, 'alias', 'aliases')}; ${admin.email} ${rules[rulesBy]}`,
      stays,
      problems,
    };
  },
  async lay({ accounts }, _box, fresh) {
    await fresh.remove(`${paths.accounts}-journal`);
    await fresh.run(['cp', '--', accounts.at(paths.accounts), fresh.at(paths.accounts)]);
    await fresh.own(databaseFile);
  },
};

function isQuota(quota: string): boolean {
  try {
    return quotaOf(quota) === quota;
  } catch {
    return false;
  }
}

/** How whoever launched this box gets in. */
const rules: Readonly<Record<Admin, string>> = {
  old: 'rules, with the old box’s password',
  added: 'is added to them and rules, with this box’s password',
  alias: 'is an alias there, and gets no account',
};
