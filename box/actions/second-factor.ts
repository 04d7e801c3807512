/** Turns an account's one-time codes on and off. Either ends its sessions and keys, which are made of its factors too. */
import { Failure } from '../failure.ts';
import { isCode, isSecret } from '../keeper/totp.ts';
import type { Machine } from '../machine.ts';
import { addTotp, removeFactors } from '../mail/factors.ts';
import { existingLogIn } from '../mail/log-in.ts';
import { exclusively } from './exclusively.ts';

export interface NewTotp {
  readonly secret: string;
  /** The first code: the owner's app has the secret. */
  readonly code: string;
  readonly label: string;
}

export function turnOnCodes(
  machine: Machine,
  email: string,
  { secret, code, label }: NewTotp,
  now: number,
): Promise<void> {
  const again = 'nothing was changed; ask for a new secret, and give the code that the app shows now';
  if (!isSecret(secret)) throw new Failure('the secret is none of this box', again);
  if (!isCode(secret, code, now)) throw new Failure('the code does not belong to the secret', again);
  return exclusively(machine, async () => {
    const login = await existingLogIn(machine, email);
    if (login.factors.length > 0)
      throw new Failure(`${email} has a second factor already`, 'turn that off first');
    await addTotp(machine, email, { secret, code, label });
  });
}

/** One, or all. @throws Failure where there is none */
export function turnOffCodes(machine: Machine, email: string, id?: number): Promise<void> {
  return exclusively(machine, async () => {
    if ((await removeFactors(machine, email, id)) === 0)
      throw new Failure(`${email} has no such second factor`, 'nothing was changed');
  });
}
