/** `/system`: upgrades, and what a box asks the world about itself, which is nothing. */
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import { command } from '../../machine/services.ts';
import { readImage, readSettings } from '../../machine/settings-file.ts';
import { lookForNewer, said } from '../../storage/upgrade/compare.ts';
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
    summary:
      'the newest image that is published, where this one says of a place (`image.updates`); else a box asks nobody, and says which version it has',
    params: none,
    answers: 'which one it is and how old, and which one the box is of, as text',
    async run({ machine, door }) {
      const image = await readImage(machine);
      const compared = await lookForNewer({ machine, image, settings: await readSettings(machine) });
      if (compared !== undefined) return text(`${said(compared, new Date(door.now()))}\n`);
      const { version } = image;
      return text(`unknown: this box is ${version}, and asks nobody whether there is a newer one\n`);
    },
  }),
  route({
    method: 'GET',
    path: '/system/privacy',
    may: 'admin',
    summary:
      'whether the box keeps from asking for newer versions of itself: it asks only where its image says of a place',
    params: none,
    answers: '`true` or `false`',
    run: async ({ machine }) => json((await readImage(machine)).updates === undefined),
  }),
  route({
    method: 'POST',
    path: '/system/privacy',
    may: 'admin',
    summary: 'keep it so: what an image asks is decided when it is baked',
    params: z.object({ value: field('`private`, or `off` where the image says of a place', 10) }),
    answers: '`OK`',
    async run({ machine }, { value }) {
      const { updates } = await readImage(machine);
      if (updates === undefined && value !== 'private')
        throw new Failure('a box asks nobody for newer versions of itself', 'the only value is: private');
      if (updates !== undefined && value !== 'off')
        throw new Failure(
          `this image has its boxes ask ${updates.from}`,
          'the only value is: off; without image.updates in box.yaml its successor asks nobody',
        );
      return text('OK');
    },
  }),
];
