/** What routes of one's own account have in common: whose it is, and that who asks knows its password. */
import { confirmPassword } from '../../accounts/log-in/identity.ts';
import { existingLogIn, type LogIn } from '../../mail/log-in.ts';
import type { Call } from '../route.ts';

export const own = ({ who }: Pick<Call, 'who'>): string => who?.login.email ?? '';

/** That who has the session, or a key, knows the password too. @throws Refusal */
export async function confirmOwn(call: Call, password: string): Promise<LogIn> {
  const login = await existingLogIn(call.machine, own(call));
  await confirmPassword(call.door, login, password, call.from);
  return login;
}
