/** What people may do with their app passwords: make one for a device, see them, revoke one, and have programs take nothing else. */
import { randomBytes } from 'node:crypto';
import type { AppPassword as Shown } from '../../contract/api.ts';
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import {
  addAppPassword,
  readAppPasswords,
  removeAppPasswords,
  setProgramsApart,
} from '../mail/app-passwords.ts';
import { existingLogIn } from '../mail/log-in.ts';
import { hashPassword } from '../mail/password.ts';

/** Of one account: more are forgotten ones. */
const most = 40;
/** 32 letters and digits, none of which looks like another on a telephone. */
const letters = 'abcdefghijkmnpqrstuvwxyz23456789';
/** The first five name it; the other twenty are the secret: 100 bits. */
const groups = 5;
const lettersOfGroup = 5;

/** Five groups of five: `k7m2p-...`. What Dovecot and the groupware look it up by is its beginning, with the dash. */
export function newAppPassword(): { readonly secret: string; readonly handle: string } {
  const bytes = [...randomBytes(groups * lettersOfGroup)];
  // 32 divides 256: each letter is as likely as any other.
  const text = bytes.map((byte) => letters[byte % letters.length]).join('');
  const secret = (text.match(/.{5}/g) ?? []).join('-');
  return { secret, handle: secret.slice(0, lettersOfGroup + 1) };
}

/** Gives the password itself, which is shown this once. */
export async function makeAppPassword(
  machine: Machine,
  email: string,
  wish: string,
  now: number,
): Promise<Shown & { readonly password: string }> {
  const label = wish.trim();
  if (label === '' || label.length > 60 || /\p{Cc}/u.test(label))
    throw new Failure('an app password needs a label of 1 to 60 characters', 'say which device it is for');
  return exclusively(machine, async () => {
    await existingLogIn(machine, email);
    if ((await readAppPasswords(machine, email)).length >= most)
      throw new Failure(`${email} has ${most} app passwords`, 'revoke one that is not used any more');
    const { secret, handle } = await add(machine, email, label, now);
    const made = (await listAppPasswords(machine, email)).find((one) => secret.startsWith(one.begins));
    if (made === undefined) throw new Failure(`no app password ${handle} was written`, 'try again');
    return { ...made, password: secret };
  });
}

/** Another one where somebody has one with that beginning already: one in 33 million. */
async function add(machine: Machine, email: string, label: string, created: number) {
  for (;;) {
    const fresh = newAppPassword();
    const stored = await hashPassword(machine, fresh.secret);
    if (await addAppPassword(machine, email, { handle: fresh.handle, label, created, stored })) return fresh;
  }
}

export async function listAppPasswords(machine: Machine, email: string): Promise<readonly Shown[]> {
  const all = await readAppPasswords(machine, email);
  return Promise.all(
    all.map(async ({ id, handle, label, created }) => {
      const used = await machine.changed(`${paths.appPasswordUses}/${handle}`);
      return {
        ...{ id, label, begins: handle, created: new Date(created).toISOString() },
        last_used: used === undefined ? null : used.toISOString(),
      };
    }),
  );
}

export function revokeAppPassword(machine: Machine, email: string, id: number): Promise<void> {
  return exclusively(machine, async () => {
    if ((await removeAppPasswords(machine, email, id)) === 0)
      throw new Failure(`${email} has no such app password`, 'nothing was changed');
    await endConnections(machine, email);
  });
}

/** All of an account, with the password that they were made with. Under the lock. */
export async function endAppPasswords(machine: Machine, email: string): Promise<void> {
  if ((await removeAppPasswords(machine, email)) > 0) await endConnections(machine, email);
}

export function keepProgramsApart(machine: Machine, email: string, apart: boolean): Promise<void> {
  return exclusively(machine, async () => {
    if (!(await setProgramsApart(machine, email, apart)))
      throw new Failure(`${email} has no second factor`, 'turn one on first; nothing was changed');
    if (apart) await endConnections(machine, email);
  });
}

/** Whose connections are open log in anew, with what still counts. It says so by its exit code where there were none. */
const endConnections = (machine: Machine, email: string) => machine.outcome(['doveadm', 'kick', email]);
