/** App passwords in users.sqlite: one for each device, opening mail, calendars and contacts, and nothing else. Hashes alone. */
import type { Machine } from '../machine/machine.ts';
import { transact } from './database.ts';

export interface AppPassword {
  readonly id: number;
  /** What it begins with: no secret, and by it daemons find the hash. */
  readonly handle: string;
  readonly label: string;
  /** Milliseconds since 1970. */
  readonly created: number;
}

const whose = 'user_id = (SELECT id FROM users WHERE email = ?)';

export async function readAppPasswords(machine: Machine, email: string): Promise<AppPassword[]> {
  const [found] = await transact(machine, [
    {
      sql: `SELECT id, handle, label, created FROM app_passwords WHERE ${whose} ORDER BY id`,
      params: [email],
    },
  ]);
  return (found?.rows ?? []) as unknown as AppPassword[];
}

/** @param stored the hash, as the accounts' own are stored. Gives false where the handle is taken */
export async function addAppPassword(
  machine: Machine,
  email: string,
  { handle, label, created, stored }: Omit<AppPassword, 'id'> & { readonly stored: string },
): Promise<boolean> {
  const [done] = await transact(machine, [
    {
      sql: `INSERT INTO app_passwords (user_id, handle, password, label, created) SELECT id, ?, ?, ?, ? FROM users
        WHERE email = ? AND NOT EXISTS (SELECT 1 FROM app_passwords WHERE handle = ?)`,
      params: [handle, stored, label, created, email, handle],
    },
  ]);
  return done?.changes === 1;
}

/** One of an account, or all. Gives how many. */
export async function removeAppPasswords(machine: Machine, email: string, id?: number): Promise<number> {
  const [done] = await transact(machine, [
    {
      sql: `DELETE FROM app_passwords WHERE ${whose}${id === undefined ? '' : ' AND id = ?'}`,
      params: id === undefined ? [email] : [email, id],
    },
  ]);
  return done?.changes ?? 0;
}

/** Whether the programs of an account take app passwords alone. */
export async function areProgramsApart(machine: Machine, email: string): Promise<boolean> {
  const [found] = await transact(machine, [
    { sql: `SELECT 1 FROM app_passwords_only WHERE ${whose}`, params: [email] },
  ]);
  return found?.rows.length === 1;
}

/** Only for an account with a second factor; false where it has none. The look and the change are one statement. */
export async function setProgramsApart(machine: Machine, email: string, apart: boolean): Promise<boolean> {
  const [done] = await transact(machine, [
    apart
      ? {
          sql: `INSERT OR REPLACE INTO app_passwords_only (user_id) SELECT id FROM users
            WHERE email = ? AND EXISTS (SELECT 1 FROM mfa WHERE user_id = users.id)`,
          params: [email],
        }
      : { sql: `DELETE FROM app_passwords_only WHERE ${whose}`, params: [email] },
  ]);
  return !apart || done?.changes === 1;
}
