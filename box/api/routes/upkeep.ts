/** `/system`: upgrades, and what a box asks the world about itself, which is nothing. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import { command } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';
import { field, none } from '../params.ts';
import { json, type Route, route, text } from '../route.ts';

export const upkeepRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/system/update-packages',
    may: 'admin',
    summary: 'begin the daily security upgrade now',
    params: none,
    answers: 'what happens, as text; `GET /system/updates` tells what waits still',
    async run({ machine }) {
      // The release's own program, with no word of the caller's: the keeper itself can't change programs.
      await machine.run(command(await readImage(machine), 'upgrade'));
      return text('The security upgrade has begun. GET /admin/system/updates lists what waits still.\n');
    },
  }),
  route({
    method: 'POST',
    path: '/system/latest-upstream-version',
    may: 'admin',
    summary: 'the newest version that there is: a box asks nobody, so it says which it has',
    params: none,
    answers: 'the version that the box has and that it knows of no other, as text',
    async run({ machine }) {
      const { version } = await readImage(machine);
      return text(`unknown: this box is ${version}, and asks nobody whether there is a newer one\n`);
    },
  }),
  route({
    method: 'GET',
    path: '/system/privacy',
    may: 'admin',
    summary: 'whether the box keeps from asking for newer versions of itself: it never asks',
    params: none,
    answers: '`true`',
    run: async () => json(true),
  }),
  route({
    method: 'POST',
    path: '/system/privacy',
    may: 'admin',
    summary: 'keep it so: a box can’t be made to ask',
    params: z.object({ value: field('`private`', 10) }),
    answers: '`OK`',
    async run(_, { value }) {
      if (value !== 'private')
        throw new Failure('a box asks nobody for newer versions of itself', 'the only value is: private');
      return text('OK');
    },
  }),
];
