/** Second factors of accounts, in Mail-in-a-Box's own table: one-time codes, and passkeys, which it has not. */
import * as z from 'zod';
import type { Machine } from '../machine.ts';
import { transact } from './database.ts';

/** Marks a code as used; false where it was the last one used already. */
export async function useCode(machine: Machine, id: number, code: string): Promise<boolean> {
  const [done] = await transact(machine, [
    {
      sql: 'UPDATE mfa SET mru_token = ? WHERE id = ? AND (mru_token IS NULL OR mru_token <> ?)',
      params: [code, id, code],
    },
  ]);
  return done?.changes === 1;
}

export async function addTotp(
  machine: Machine,
  email: string,
  { secret, code, label }: { readonly secret: string; readonly code: string; readonly label: string },
): Promise<void> {
  await transact(machine, [
    {
      sql: `INSERT INTO mfa (user_id, type, secret, mru_token, label)
        SELECT id, 'totp', ?, ?, ? FROM users WHERE email = ?`,
      params: [secret, code, label, email],
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

/** Takes one factor away, or all. Gives how many. */
export async function removeFactors(machine: Machine, email: string, id?: number): Promise<number> {
  const which = id === undefined ? '' : ' AND id = ?';
  const [done] = await transact(machine, [
    {
      sql: `DELETE FROM mfa WHERE user_id = (SELECT id FROM users WHERE email = ?)${which}`,
      params: id === undefined ? [email] : [email, id],
    },
  ]);
  return done?.changes ?? 0;
}
