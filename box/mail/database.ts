/** users.sqlite: Mail-in-a-Box v75's schema, so that its backups fit, and two tables more. Only `box/mail` reads or writes it. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { type Result, runStatements, type Statement } from '../machine/sqlite.ts';
import { keepGoodCopies } from '../storage/databases.ts';

export type { Result, Statement } from '../machine/sqlite.ts';

/** Dovecot and Postfix read it through this group; only root writes it. */
export const databaseFile = {
  path: paths.accounts,
  mode: 0o640,
  owner: 'root',
  group: 'box-accounts',
} as const;

export const schema: readonly Statement[] = [
  `CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY AUTOINCREMENT, email TEXT NOT NULL UNIQUE,
     password TEXT NOT NULL, extra, privileges TEXT NOT NULL DEFAULT '', quota TEXT NOT NULL DEFAULT '0')`,
  `CREATE TABLE IF NOT EXISTS aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL UNIQUE,
     destination TEXT NOT NULL, permitted_senders TEXT)`,
  `CREATE TABLE IF NOT EXISTS mfa (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
     type TEXT NOT NULL, secret TEXT NOT NULL, mru_token TEXT, label TEXT,
     FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE)`,
  `CREATE TABLE IF NOT EXISTS auto_aliases (id INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL UNIQUE,
     destination TEXT NOT NULL, permitted_senders TEXT)`,
  // The box's own. `handle` is the beginning of the app password, by which daemons find the hash to look at.
  `CREATE TABLE IF NOT EXISTS app_passwords (id INTEGER PRIMARY KEY AUTOINCREMENT, user_id INTEGER NOT NULL,
     handle TEXT NOT NULL UNIQUE, password TEXT NOT NULL, label TEXT NOT NULL, created INTEGER NOT NULL,
     FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE)`,
  // Whose programs take app passwords alone.
  `CREATE TABLE IF NOT EXISTS app_passwords_only (user_id INTEGER PRIMARY KEY,
     FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE)`,
].map((sql) => ({ sql }));
const tables = ['aliases', 'app_passwords', 'app_passwords_only', 'auto_aliases', 'mfa', 'users'];

const damaged = 'check the disk; restore the file from a backup if it is damaged';

/** Runs the statements in one transaction, all or none. */
export async function transact(
  machine: Machine,
  statements: readonly Statement[],
  create = false,
): Promise<readonly Result[]> {
  if (!create && !(await machine.exists(paths.accounts))) {
    throw new Failure(`${paths.accounts} is missing`, 'run: box init');
  }
  const results = await runStatements(machine, paths.accounts, statements, { create, damaged });
  if (results.some(({ changes }) => changes > 0)) await keepCopy(machine);
  return results;
}

/** What was changed is changed: without room for a copy the one before stays, and the nightly look tries again. */
const keepCopy = (machine: Machine) => keepGoodCopies(machine, paths.accounts).catch(() => undefined);

/** Whether the file is there with all its tables and the access that the daemons need. */
export async function isDatabaseInPlace(machine: Machine): Promise<boolean> {
  if (!(await machine.isOwned(databaseFile))) return false;
  const sql = `SELECT name FROM sqlite_master WHERE type = 'table' AND name IN ('${tables.join("', '")}')`;
  const [found] = await transact(machine, [{ sql }]);
  return found?.rows.length === tables.length;
}

/** Makes what is missing. Opening it also rolls back what a power cut left half written. */
export async function makeDatabase(machine: Machine): Promise<void> {
  await transact(machine, schema, true);
  await machine.own(databaseFile);
}
