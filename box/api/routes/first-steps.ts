/** `/system/first-steps`: what the administrator of a new box has still to do. Mail-in-a-Box has no such route. */
import { readFirstSteps } from '../../health/first-steps/read.ts';
import { lastSeen } from '../../health/last-seen.ts';
import { none } from '../params.ts';
import { json, type Route, route } from '../route.ts';

export const firstStepsRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/system/first-steps',
    may: 'admin',
    summary: 'what the administrator of a new box has still to do, by the last look at everything',
    params: none,
    answers:
      'JSON: `{checked_at, were_done, steps: [{step, state: done|open, title, why, found, what_to_do, waits_for, page}]}`; ' +
      '`were_done`: what is open has broken since',
    run: async ({ machine }) => json(await readFirstSteps(machine, await lastSeen(machine))),
  }),
];
