/** Turns an account's second factors on and off: one-time codes and passkeys. Any ends its sessions and keys, which are made of its factors too. */
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { addPasskey, addTotp, readPasskeys, removeFactors } from '../mail/factors.ts';
import { existingLogIn } from '../mail/log-in.ts';
import type { Doorkeeper } from './log-in/door.ts';
import { newKey } from './log-in/passkeys.ts';
import { isSecret, stepOf } from './log-in/totp.ts';

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
  const step = stepOf(secret, code, now);
  if (step === undefined) throw new Failure('the code does not belong to the secret', again);
  return exclusively(machine, async () => {
    const login = await existingLogIn(machine, email);
    if (login.factors.some(({ type }) => type === 'totp'))
      throw new Failure(`${email} has one-time codes already`, 'turn those off first');
    await addTotp(machine, email, { secret, step, label });
  });
}

/** Of one account: more are forgotten ones. */
const mostPasskeys = 20;

export async function turnOnPasskey(
  door: Doorkeeper,
  email: string,
  answer: string,
  label: string,
): Promise<void> {
  const { machine } = door;
  const key = await newKey(door, email, answer).catch((error: Error) => {
    throw new Failure(`the passkey is not accepted: ${error.message}`, 'nothing was changed; try again');
  });
  await exclusively(machine, async () => {
    await existingLogIn(machine, email);
    const all = await readPasskeys(machine);
    if (all.some((one) => one.key.id === key.id))
      throw new Failure('that passkey is in use already', 'nothing was changed');
    if (all.filter((one) => one.email === email).length >= mostPasskeys)
      throw new Failure(`${email} has ${mostPasskeys} passkeys`, 'turn one off first');
    await addPasskey(machine, email, { ...key, label: label.trim() });
  });
}

/** One, or all. @throws Failure where there is none */
export function turnOffCodes(machine: Machine, email: string, id?: number): Promise<void> {
  return exclusively(machine, async () => {
    if ((await removeFactors(machine, email, id)) === 0)
      throw new Failure(`${email} has no such second factor`, 'nothing was changed');
  });
}
