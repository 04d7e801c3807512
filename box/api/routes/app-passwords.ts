/** `/me/app-passwords`: passwords for one device each, of one's own account. Mail-in-a-Box has none; these routes are the box's own. */
import * as z from 'zod';
import {
  keepProgramsApart,
  listAppPasswords,
  makeAppPassword,
  revokeAppPassword,
} from '../../accounts/app-passwords.ts';
import { field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';
import { confirmOwn, own } from './own.ts';

const password = field('one’s own, since an app password outlives a session');

export const appPasswordRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/me/app-passwords',
    may: 'user',
    summary: 'one’s own app passwords: what each is for, and when it was used last',
    params: none,
    answers: 'a JSON list of `{id, label, begins, created, last_used}`',
    run: async (call) => json(await listAppPasswords(call.machine, own(call))),
  }),
  route({
    method: 'POST',
    path: '/me/app-passwords/add',
    may: 'user',
    summary: 'make an app password for a device: it opens mail, calendars and contacts, and nothing else',
    params: z.object({ label: field('the device that it is for', 60), password }),
    answers: '`{password, id, label, begins, created, last_used}`; `password` is shown this once',
    async run(call, wish) {
      await confirmOwn(call, wish.password);
      return json(await makeAppPassword(call.machine, own(call), wish.label, call.door.now()));
    },
  }),
  route({
    method: 'POST',
    path: '/me/app-passwords/remove',
    may: 'user',
    summary: 'revoke an app password, and end the mail connections of the account',
    params: z.object({
      id: z
        .string()
        .regex(/^\d{0,15}$/, 'is no number')
        .default('')
        .describe('from `/me/app-passwords`'),
    }),
    answers: '`OK`',
    async run(call, { id }) {
      await revokeAppPassword(call.machine, own(call), Number(id));
      return text('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/me/app-passwords/only',
    may: 'user',
    summary:
      'have programs take app passwords alone, or one’s password too; only with a second factor, and until the last one is off',
    params: z.object({
      only: z
        .string()
        .regex(/^[01]?$/, 'is neither 1 nor 0')
        .default('')
        .describe('`1`: app passwords alone'),
      password,
    }),
    answers: '`OK`',
    async run(call, { only, password }) {
      await confirmOwn(call, password);
      await keepProgramsApart(call.machine, own(call), only === '1');
      return text('OK');
    },
  }),
];
