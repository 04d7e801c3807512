/** How much mail an account keeps, from the count that Dovecot's quota keeps in each mailbox. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { mailboxOf } from '../machine/paths.ts';

/** In bytes; 0 where there is no mailbox yet. */
export async function mailboxBytes(machine: Machine, email: string): Promise<number> {
  const text = await machine.read(`${mailboxOf(email)}/maildirsize`).catch((error) => {
    // The folder is Dovecot's: what is no file there says nothing, and hides no other account.
    if (error instanceof Failure) return undefined;
    throw error;
  });
  // Maildir++: the first line is the limit, every other one adds bytes and mails to the sum.
  const changes = (text ?? '').split('\n').slice(1);
  return changes.reduce((sum, line) => sum + (Number.parseInt(line, 10) || 0), 0);
}
