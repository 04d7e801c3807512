/** `/mail/log`: what became of mail. Mail-in-a-Box has none; this route is the box's own. */
import * as z from 'zod';
import { lastEvents, mostEvents } from '../../health/samples/last-events.ts';
import { field } from '../params.ts';
import { json, type Route, route } from '../route.ts';

export const mailLogRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/mail/log',
    may: 'admin',
    summary: `what became of the last mails, at most ${mostEvents} of those that the log still holds`,
    params: z.object({
      about: field('only those whose sender, recipient or server has this in it; none: all', 320),
    }),
    answers:
      'a JSON list, the newest first, of `{time, result: delivered|deferred|bounced|postponed|refused, from, to, server, text}`; ' +
      'what the log does not say is `null`',
    run: async ({ machine, door }, { about }) =>
      json(await lastEvents(machine, about.trim(), new Date(door.now()))),
  }),
];
