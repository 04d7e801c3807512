/** The accounts and aliases in users.sqlite. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { type Statement, transact } from './database.ts';
import { locked } from './password.ts';
import {
  type Alias,
  administratorAlias,
  autoAliases,
  bySource,
  type MailData,
  type User,
} from './required-aliases.ts';

/** Reads everything but the hashes. */
export async function readMailData(machine: Machine): Promise<MailData> {
  const [users, aliases, auto] = await transact(machine, [
    {
      sql: 'SELECT email, privileges, quota, password = ? AS locked FROM users ORDER BY id',
      params: [locked],
    },
    { sql: 'SELECT source, destination, permitted_senders AS permittedSenders FROM aliases ORDER BY id' },
    { sql: 'SELECT source, destination FROM auto_aliases' },
  ]);
  return {
    users: (users?.rows ?? []).map((row) => ({ ...(row as unknown as User), locked: row.locked === 1 })),
    aliases: (aliases?.rows ?? []) as unknown as Alias[],
    autoAliases: ((auto?.rows ?? []) as unknown as Alias[]).slice().sort(bySource),
  };
}

/** The box's first account. A storage root that has any keeps them as they are. */
export async function addFirstAccount(machine: Machine, email: string, stored: string): Promise<void> {
  const sql =
    "INSERT INTO users (email, password, privileges) SELECT ?, ?, 'admin' WHERE NOT EXISTS (SELECT 1 FROM users)";
  await transact(machine, [{ sql, params: [email, stored] }]);
}

export async function addAccount(
  machine: Machine,
  email: string,
  stored: string,
  admin: boolean,
): Promise<void> {
  const sql = 'INSERT INTO users (email, password, privileges) VALUES (?, ?, ?)';
  await transact(machine, [{ sql, params: [email, stored, admin ? 'admin' : ''] }]);
}

/** For an account that is there for a moment only, and takes no number from those that stay: SQLite's are never given twice. */
const lent = -1;

export async function lendAccount(machine: Machine, email: string, stored: string): Promise<void> {
  const sql = 'INSERT INTO users (id, email, password) VALUES (?, ?, ?)';
  await transact(machine, [{ sql, params: [lent, email, stored] }]);
}

/** Removes what was lent, and gives its address: by a power cut it may have stayed. */
export async function endLoan(machine: Machine): Promise<string | undefined> {
  const [found] = await transact(machine, [
    { sql: 'SELECT email FROM users WHERE id = ?', params: [lent] },
    { sql: 'DELETE FROM users WHERE id = ?', params: [lent] },
  ]);
  return (found?.rows[0] as { email: string } | undefined)?.email;
}

/** Changes a password; false when there is no such account. */
export async function setPassword(machine: Machine, email: string, stored: string): Promise<boolean> {
  const [done] = await transact(machine, [
    { sql: 'UPDATE users SET password = ? WHERE email = ?', params: [stored, email] },
  ]);
  return done?.changes === 1;
}

/** Sets how much mail an account may keep, in the words of `quotaOf`. */
export async function setQuota(machine: Machine, email: string, quota: string): Promise<void> {
  await transact(machine, [{ sql: 'UPDATE users SET quota = ? WHERE email = ?', params: [quota, email] }]);
}

export const noAccount = (email: string) =>
  new Failure(`there is no account ${email}`, 'see: box account list');

/** Sets an account's privileges, with line ends between them; `admin` is the only one with a meaning. */
export async function setPrivileges(machine: Machine, email: string, privileges: string): Promise<void> {
  await transact(machine, [
    { sql: 'UPDATE users SET privileges = ? WHERE email = ?', params: [privileges, email] },
  ]);
}

/** Adds an alias, or puts it in the place of the one with the same source. */
export async function putAlias(machine: Machine, alias: Alias): Promise<void> {
  const { source, destination, permittedSenders = null } = alias;
  await transact(machine, [
    {
      sql: 'UPDATE aliases SET destination = ?, permitted_senders = ? WHERE source = ?',
      params: [destination, permittedSenders, source],
    },
    {
      sql: `INSERT INTO aliases (source, destination, permitted_senders) SELECT ?, ?, ?
        WHERE NOT EXISTS (SELECT 1 FROM aliases WHERE source = ?)`,
      params: [source, destination, permittedSenders, source],
    },
  ]);
}

export async function removeAlias(machine: Machine, source: string): Promise<void> {
  await transact(machine, [{ sql: 'DELETE FROM aliases WHERE source = ?', params: [source] }]);
}

/** Removes an account; its mail stays on the disk. An administrator alias that led to it follows the heir. */
export async function removeAccount(machine: Machine, email: string, heir: string): Promise<void> {
  await transact(machine, [
    { sql: 'DELETE FROM users WHERE email = ?', params: [email] },
    {
      sql: "UPDATE aliases SET destination = ? WHERE destination = ? AND source LIKE 'administrator@%'",
      params: [heir, email],
    },
  ]);
}

/** Whether every required alias is there. */
export function hasRequiredAliases(hostname: string, data: MailData): boolean {
  return (
    administratorAlias(hostname, data) === undefined &&
    JSON.stringify(autoAliases(hostname, data)) === JSON.stringify(data.autoAliases)
  );
}

/** Adds the required aliases that are missing, and drops automatic ones that no longer are. */
export async function putRequiredAliases(machine: Machine, hostname: string): Promise<void> {
  const data = await readMailData(machine);
  if (hasRequiredAliases(hostname, data)) return;
  const administrator = administratorAlias(hostname, data);
  const aliases = administrator === undefined ? data.aliases : [...data.aliases, administrator];
  const insert = (table: 'aliases' | 'auto_aliases', { source, destination }: Alias): Statement => ({
    sql: `INSERT INTO ${table} (source, destination) VALUES (?, ?)`,
    params: [source, destination],
  });
  await transact(machine, [
    ...(administrator === undefined ? [] : [insert('aliases', administrator)]),
    { sql: 'DELETE FROM auto_aliases' },
    ...autoAliases(hostname, { ...data, aliases }).map((alias) => insert('auto_aliases', alias)),
  ]);
}
