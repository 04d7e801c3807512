/** users.sqlite: Mail-in-a-Box v75's schema, so that its backups fit. Only `box/mail` reads or writes it. */
import { Failure } from '../machine/failure.ts';
import { type Machine, python } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { keepGoodCopies } from '../storage/databases.ts';

export interface Statement {
  readonly sql: string;
  readonly params?: readonly (string | number | null)[];
}
export interface Result<Row = Record<string, unknown>> {
  readonly rows: readonly Row[];
  readonly changes: number;
}

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
].map((sql) => ({ sql }));
const tables = ['aliases', 'auto_aliases', 'mfa', 'users'];

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
  const order = { path: machine.at(paths.accounts), create, statements };
  let reason: string;
  try {
    const out = await machine.ask([...python, machine.at(paths.sqlProgram)], JSON.stringify(order));
    const answer = JSON.parse(out) as { results: Result[] } | { error: string };
    if ('results' in answer) {
      if (answer.results.some(({ changes }) => changes > 0)) await keepCopy(machine);
      return answer.results;
    }
    reason = answer.error;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reason = error.message;
  }
  const remedy = /disk is full/.test(reason) ? 'free some room or grow the disk, then reboot' : damaged;
  throw new Failure(`${paths.accounts}: ${reason}`, remedy);
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
