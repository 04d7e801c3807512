/** What may be done to accounts, for the command line and the control panel alike: the rules, the change, what follows. */
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { readSettings } from '../machine/settings-file.ts';
import { isReserved } from '../mail/address.ts';
import { refuseNewlyBroken } from '../mail/aliases.ts';
import { checkPassword, hashPassword } from '../mail/password.ts';
import { quotaOf } from '../mail/quota.ts';
import { isAdmin, type MailData, type User } from '../mail/required-aliases.ts';
import {
  addAccount,
  noAccount,
  readMailData,
  removeAccount,
  setPassword,
  setPrivileges,
  setQuota,
} from '../mail/users.ts';
import { endAppPasswords } from './app-passwords.ts';
import { settle } from './settle.ts';
import { endTokens } from './tokens.ts';

export interface NewAccount {
  readonly email: string;
  readonly password: string;
  readonly admin: boolean;
  /** In the words of `quotaOf`. */
  readonly quota?: string;
}

/** Gives the zones that changed. */
export async function createAccount(
  machine: Machine,
  wish: NewAccount,
  now?: () => Date,
): Promise<readonly string[]> {
  const { email, admin } = wish;
  const quota = quotaOf(wish.quota ?? '0');
  checkPassword(wish.password);
  return exclusively(machine, async () => {
    refuseTaken(await readMailData(machine), email, admin);
    await addAccount(machine, email, await hashPassword(machine, wish.password), admin);
    if (quota !== '0') await setQuota(machine, email, quota);
    return settle(machine, now);
  });
}

/** Its mail stays on the disk. Gives the zones that changed. */
export function deleteAccount(machine: Machine, email: string, now?: () => Date): Promise<readonly string[]> {
  return exclusively(machine, async () => {
    const data = await readMailData(machine);
    known(data, email);
    const heir = otherAdmin(data, email);
    refuseNeeded((await readSettings(machine)).hostname, data, email);
    await removeAccount(machine, email, heir.email);
    await endTokens(machine, email);
    return settle(machine, now);
  });
}

/** Ends the sessions and keys of the control panel that hang on the old one, since they are made of it; app passwords, too. */
export function changePassword(machine: Machine, email: string, password: string): Promise<void> {
  return exclusively(machine, async () => {
    known(await readMailData(machine), email);
    await setPassword(machine, email, await hashPassword(machine, password));
    await endTokens(machine, email);
    await endAppPasswords(machine, email);
  });
}

/** Gives the quota as it is kept. */
export function changeQuota(machine: Machine, email: string, text: string): Promise<string> {
  const quota = quotaOf(text);
  return exclusively(machine, async () => {
    known(await readMailData(machine), email);
    await setQuota(machine, email, quota);
    return quota;
  });
}

export function changeAdmin(machine: Machine, email: string, admin: boolean): Promise<void> {
  return exclusively(machine, async () => {
    const data = await readMailData(machine);
    const user = known(data, email);
    if (!admin) {
      otherAdmin(data, email);
      if (isReserved(email)) {
        throw new Failure(`${email} could be used to take over the domain`, 'it must stay an administrator');
      }
    }
    const others = user.privileges.split('\n').filter((word) => word !== 'admin' && word !== '');
    await setPrivileges(machine, email, [...others, ...(admin ? ['admin'] : [])].join('\n'));
    if (!admin) await endTokens(machine, email);
  });
}

/** @throws Failure when there is no such account */
export function known({ users }: MailData, email: string): User {
  const user = users.find((one) => one.email === email);
  if (user === undefined) throw noAccount(email);
  return user;
}

export function refuseTaken({ users, aliases }: MailData, email: string, admin: boolean): void {
  if (users.some((user) => user.email === email)) {
    throw new Failure(
      `there is an account ${email} already`,
      `to change its password: box account password ${email}`,
    );
  }
  if (aliases.some((alias) => alias.source === email)) {
    throw new Failure(`${email} is an alias`, 'choose another address: the alias would take its mail');
  }
  if (isReserved(email) && users.length > 0 && !admin) {
    throw new Failure(
      `${email} could be used to take over the domain`,
      'add it with --admin, or choose another address',
    );
  }
}

/** @throws Failure when the box would have nobody left who may rule it */
function otherAdmin({ users }: MailData, email: string): User {
  const other = users.find((user) => isAdmin(user) && user.email !== email);
  if (other !== undefined) return other;
  throw new Failure(`${email} is the only administrator`, 'first: box account add EMAIL --admin');
}

/** An account that an alias leads to, or lets send, can't go before the alias does. */
function refuseNeeded(hostname: string, data: MailData, email: string): void {
  const users = data.users.filter((user) => user.email !== email);
  // What only the administrator's alias led to goes to the heir instead.
  const aliases = data.aliases.filter(
    ({ source, destination }) => !(source.startsWith('administrator@') && destination === email),
  );
  refuseNewlyBroken(hostname, { ...data, aliases }, { ...data, aliases, users });
  const lets = data.aliases.find(({ permittedSenders }) => permittedSenders?.split(',').includes(email));
  if (lets === undefined) return;
  throw new Failure(
    `${email} is a permitted sender of the alias ${lets.source}`,
    `first: box alias remove ${lets.source}, or give it other senders`,
  );
}
