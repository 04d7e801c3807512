/** `/tokens`: keys that may do one thing each. Mail-in-a-Box has none; these routes are the box's own. */
import * as z from 'zod';
import { scopeHelp } from '../../accounts/log-in/scopes.ts';
import { createToken, listTokens, revokeToken } from '../../accounts/tokens.ts';
import { addresses, field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';
import { own } from './own.ts';

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/tokens',
    may: 'admin',
    summary: 'the tokens in force, of all administrators',
    params: none,
    answers: 'a JSON list of `{id, owner, label, scopes, created, expires}`',
    run: async ({ machine, door }) => json(await listTokens(machine, door.now())),
  }),
  route({
    method: 'POST',
    path: '/tokens/add',
    may: 'admin',
    summary: 'make a token of one’s own for a program',
    params: z.object({
      label: field('what it is for', 100),
      scopes: addresses(`what it may, with commas or line ends between: ${scopeHelp}`),
      days: field('how many days it lives; none: until it is revoked', 5),
    }),
    answers: '`{token, id, owner, label, scopes, created, expires}`; `token` is shown this once',
    async run(call, wish) {
      const { machine, door } = call;
      const { key, token } = await createToken(machine, { ...wish, owner: own(call) }, door.now());
      return json({ token: key, ...token });
    },
  }),
  route({
    method: 'POST',
    path: '/tokens/remove',
    may: 'admin',
    summary: 'revoke a token',
    params: z.object({ id: field('from `/tokens`', 8) }),
    answers: '`OK`',
    async run({ machine }, { id }) {
      await revokeToken(machine, id);
      return text('OK');
    },
  }),
];
