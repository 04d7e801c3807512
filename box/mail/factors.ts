/** Second factors of accounts, in Mail-in-a-Box's own table. */
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
