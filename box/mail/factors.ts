/** Second factors of accounts, in Mail-in-a-Box's own table: one-time codes, and passkeys, which it has not. */
import * as z from 'zod';
import type { Machine } from '../machine/machine.ts';
import { transact } from './database.ts';

/**
 * Notes the step of a code as used; false where it, or a later one, was used already. The look and the note are one
 * statement: of two log-ins with one code one is taken. A step beyond the latest that can count was noted by a clock that was
 * ahead, and locks nobody out. Mail-in-a-Box notes the code itself, which has six digits: less than any step.
 * @param latest the latest step that can count now
 */
export async function useStep(machine: Machine, id: number, step: number, latest: number): Promise<boolean> {
  const [done] = await transact(machine, [
    {
      sql: `UPDATE mfa SET mru_token = ? WHERE id = ?
        AND (mru_token IS NULL OR CAST(mru_token AS INTEGER) NOT BETWEEN ? AND ?)`,
      params: [String(step), id, step, latest],
    },
  ]);
  return done?.changes === 1;
}

/** @param step of the first code, which is used by that */
export async function addTotp(
  machine: Machine,
  email: string,
  { secret, step, label }: { readonly secret: string; readonly step: number; readonly label: string },
): Promise<void> {
  await transact(machine, [
    {
      sql: `INSERT INTO mfa (user_id, type, secret, mru_token, label)
        SELECT id, 'totp', ?, ?, ? FROM users WHERE email = ?`,
      params: [secret, String(step), label, email],
    },
  ]);
}

const keySchema = z.strictObject({ id: z.string(), publicKey: z.string() });

export interface Passkey {
  /** Of the row. */
  readonly row: number;
  readonly email: string;
  /** What the row's `secret` holds. None of it is secret. */
  readonly key: z.infer<typeof keySchema>;
  /** How often the key was used, as it says itself; 0 where it does not count. In `mru_token`: what changes with each use. */
  readonly counter: number;
}

/** Of all accounts. A row that is damaged is none. */
export async function readPasskeys(machine: Machine): Promise<Passkey[]> {
  const [found] = await transact(machine, [
    {
      sql: `SELECT mfa.id AS row, email, secret, mru_token AS counter FROM mfa JOIN users ON users.id = mfa.user_id
        WHERE type = 'webauthn' ORDER BY mfa.id`,
    },
  ]);
  const rows = (found?.rows ?? []) as unknown as {
    row: number;
    email: string;
    secret: string;
    counter: string;
  }[];
  return rows.flatMap(({ row, email, secret, counter }) => {
    try {
      const key = keySchema.parse(JSON.parse(secret));
      return /^\d+$/.test(counter) ? [{ row, email, key, counter: Number(counter) }] : [];
    } catch {
      return [];
    }
  });
}

/** The accounts that have any. */
export async function accountsWithFactors(machine: Machine): Promise<ReadonlySet<string>> {
  const [found] = await transact(machine, [
    { sql: 'SELECT DISTINCT email FROM mfa JOIN users ON users.id = mfa.user_id' },
  ]);
  return new Set(((found?.rows ?? []) as unknown as { email: string }[]).map(({ email }) => email));
}

export async function addPasskey(
  machine: Machine,
  email: string,
  { id, publicKey, counter, label }: Passkey['key'] & { readonly counter: number; readonly label: string },
): Promise<void> {
  await transact(machine, [
    {
      sql: `INSERT INTO mfa (user_id, type, secret, mru_token, label)
        SELECT id, 'webauthn', ?, ?, ? FROM users WHERE email = ?`,
      params: [JSON.stringify({ id, publicKey }), String(counter), label, email],
    },
  ]);
}

/** Notes a use; false where somebody else's came first. */
export async function useCounter(
  machine: Machine,
  { row, counter }: Passkey,
  next: number,
): Promise<boolean> {
  const [done] = await transact(machine, [
    {
      sql: "UPDATE mfa SET mru_token = ? WHERE id = ? AND type = 'webauthn' AND mru_token = ?",
      params: [String(next), row, String(counter)],
    },
  ]);
  return done?.changes === 1;
}

/** Takes one factor away, or all. Gives how many. With the last one programs take the password again: the option hangs on it. */
export async function removeFactors(machine: Machine, email: string, id?: number): Promise<number> {
  const which = id === undefined ? '' : ' AND id = ?';
  const [done] = await transact(machine, [
    {
      sql: `DELETE FROM mfa WHERE user_id = (SELECT id FROM users WHERE email = ?)${which}`,
      params: id === undefined ? [email] : [email, id],
    },
    { sql: 'DELETE FROM app_passwords_only WHERE user_id NOT IN (SELECT user_id FROM mfa)' },
  ]);
  return done?.changes ?? 0;
}
