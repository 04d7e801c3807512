/**
 * What Mail-in-a-Box's own migrations (setup/migrate.py) do to the accounts' database, by their numbers. Each may run twice:
 * versions between two releases, and forks, had some of it earlier. What the others do (certificates 10 and 11, the webmail 12)
 * is in those subjects.
 */
import type { Machine } from '../machine/machine.ts';
import { type Statement, schema, transact } from '../mail/database.ts';

interface Migration {
  readonly to: number;
  readonly run: (accounts: Machine) => Promise<void>;
}

/** Both tables of the later versions, where they are missing. */
const addTables = (accounts: Machine) => transact(accounts, schema);

export const migrations: readonly Migration[] = [
  {
    // Second factors. Between two of its commits (a8ea456b, 00b3a3b0; no release had it) an account could have but one.
    to: 13,
    async run(accounts) {
      await addTables(accounts);
      const [table] = await transact(accounts, [{ sql: "SELECT sql FROM sqlite_master WHERE name = 'mfa'" }]);
      if (!/user_id\s+INTEGER\s+NOT\s+NULL\s+UNIQUE/i.test(String(table?.rows[0]?.sql))) return;
      await transact(accounts, [
        { sql: 'ALTER TABLE mfa RENAME TO mfa_before' },
        ...schema,
        {
          sql: 'INSERT INTO mfa (id, user_id, type, secret, mru_token, label) SELECT id, user_id, type, secret, mru_token, label FROM mfa_before',
        },
        { sql: 'DROP TABLE mfa_before' },
      ]);
    },
  },
  // Required aliases of their own.
  { to: 14, run: async (accounts) => void (await addTables(accounts)) },
  {
    // Quotas.
    to: 15,
    run: (accounts) => addColumn(accounts, 'users', 'quota', "TEXT NOT NULL DEFAULT '0'"),
  },
];

/** Brings the copy to the newest schema. */
export async function migrate(accounts: Machine): Promise<void> {
  for (const { run } of migrations) await run(accounts);
}

async function addColumn(accounts: Machine, table: string, column: string, type: string): Promise<void> {
  const sql: Statement = { sql: `PRAGMA table_info(${table})` };
  const [found] = await transact(accounts, [sql]);
  if (found?.rows.some(({ name }) => name === column)) return;
  await transact(accounts, [{ sql: `ALTER TABLE ${table} ADD COLUMN ${column} ${type}` }]);
}
