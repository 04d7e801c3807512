/** What a person is told of their own account: how full the mailbox is, which addresses lead here, what programs may log in with. */
import type { OwnAccount } from '../../contract/api.ts';
import type { Machine } from '../machine/machine.ts';
import { areProgramsApart } from '../mail/app-passwords.ts';
import { existingLogIn } from '../mail/log-in.ts';
import { mailboxBytes } from '../mail/mailbox-size.ts';
import { bytesOf } from '../mail/quota.ts';
import { type Alias, destinationsOf, type MailData } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
import { known } from './accounts.ts';

/** Without what the door knows, and the picture of the profile's address. */
export type ToldAccount = Omit<OwnAccount, 'profile' | 'sessions'>;

export async function ownAccount(machine: Machine, email: string): Promise<ToldAccount> {
  const data = await readMailData(machine);
  const { quota } = known(data, email);
  const { factors } = await existingLogIn(machine, email);
  return {
    email,
    mailbox_size: await mailboxBytes(machine, email),
    mailbox_limit: bytesOf(quota),
    aliases: leadingHere(data, email),
    app_passwords_only: await areProgramsApart(machine, email),
    has_second_factor: factors.length > 0,
  };
}

/** By way of other aliases too, as Postfix follows them. Those that the box makes for itself are no news to a person. */
export function leadingHere({ aliases }: Pick<MailData, 'aliases'>, email: string): string[] {
  const found = new Set<string>();
  const follow = (address: string) => {
    for (const alias of aliases.filter((one) => leadsTo(one, address)))
      if (alias.source !== email && !found.has(alias.source)) {
        found.add(alias.source);
        follow(alias.source);
      }
  };
  follow(email);
  return [...found].sort();
}

const leadsTo = (alias: Alias, address: string) => destinationsOf(alias).includes(address);
