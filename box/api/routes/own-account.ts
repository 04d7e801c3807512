/** `/me/password`: what people may change of their own account. Mail-in-a-Box has no such route. */
import * as z from 'zod';
import { changePassword } from '../../accounts/accounts.ts';
import { Refusal } from '../../accounts/log-in/refusal.ts';
import { field } from '../params.ts';
import { type Route, route, text } from '../route.ts';

export const ownAccountRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/me/password',
    may: 'user',
    summary:
      'change one’s own password; asked with the old one (and the one-time code), since a session or a key is not enough; ends one’s sessions and keys',
    params: z.object({ password: field('the new password') }),
    answers: '`OK`',
    async run({ machine, who }, { password }) {
      if (who?.by !== 'password')
        throw new Refusal('unauthenticated', 'Log in with your old password to change it.');
      await changePassword(machine, who.login.email, password);
      return text('OK');
    },
  }),
];
