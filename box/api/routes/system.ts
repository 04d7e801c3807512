/** `/system`: the box itself, as Mail-in-a-Box's API has it. */
import * as z from 'zod';
import type { StatusEntry } from '../../../contract/api.ts';
import { lastSeen } from '../../health/last-seen.ts';
import { interval, mostDays, readSamples } from '../../health/samples/sample.ts';
import { inSteps } from '../../health/samples/steps.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { command } from '../../machine/services.ts';
import { readImage, readSettings } from '../../machine/settings-file.ts';
import { field, none } from '../params.ts';
import { json, lines, type Route, route, text } from '../route.ts';

/**
 * The look that is under way. It has a process of its own, so that no other answer waits for it; and whoever asks meanwhile
 * waits for that one: not each init system starts a second one behind the first.
 */
const underWay = new WeakMap<Machine, Promise<unknown>>();

/** As root and outside of the keeper's cage: what is seen there is what the box's owner sees. */
async function look(machine: Machine): Promise<void> {
  let begun = underWay.get(machine);
  if (begun === undefined) {
    begun = readImage(machine)
      .then((image) => machine.run(command(image, 'startService', 'box-status')))
      .finally(() => underWay.delete(machine));
    underWay.set(machine, begun);
  }
  await begun;
}

export const systemRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/system/version',
    may: 'admin',
    summary: 'which image this is',
    params: none,
    answers: 'the version as text',
    run: async ({ machine }) => text((await readImage(machine)).version),
  }),
  route({
    method: 'POST',
    path: '/system/status',
    may: 'admin',
    summary: 'what the last look at everything saw; the first look at a boot takes a while',
    params: z.object({ fresh: field('`1`: look again now') }),
    answers:
      'a JSON list of `{type: heading|ok|warning|error, text, extra: [{text, monospace}]}`; the heading has `checked_at` too, and what a page of the panel mends has that `page`',
    async run({ machine }, { fresh }) {
      if (fresh === '1' || (await lastSeen(machine)) === undefined) await look(machine);
      const seen = await lastSeen(machine);
      if (seen === undefined) throw new Failure('the look at the box left nothing', 'try: box status --all');
      const { hostname } = await readSettings(machine);
      return json<readonly StatusEntry[]>([
        {
          type: 'heading',
          text: hostname,
          extra: [{ text: `checked at ${seen.checkedAt}`, monospace: false }],
          checked_at: seen.checkedAt,
        },
        ...seen.results.map(({ title, state, text, remedy, page }) => ({
          type: state,
          text: `${title}: ${text}`,
          extra: remedy === undefined ? [] : [{ text: remedy, monospace: false }],
          ...(page === undefined ? {} : { page }),
        })),
      ]);
    },
  }),
  route({
    method: 'GET',
    path: '/system/samples',
    may: 'admin',
    summary: 'how busy the box was, and what it did with mail',
    params: z.object({ days: field('how many days back, 1 to 62', 2) }),
    answers:
      'JSON: `{step, samples: [{time, load, memory, disk, queue, accepted, refused, postponed, delivered, deferred, bounced}]}`; ' +
      '`step` and `time` in seconds, `memory` and `disk` in percent that are used, the last six are counts of one step',
    async run({ machine, door }, { days }) {
      const many = days === '' ? 1 : Number(days);
      if (!/^\d{0,2}$/.test(days) || many < 1 || many > mostDays)
        throw new Failure(`days is not 1 to ${mostDays}`, 'leave it out for the last day');
      // At most some three hundred points.
      const step = interval * many;
      return json({
        step,
        samples: inSteps(await readSamples(machine, many, new Date(door.now())), step),
      });
    },
  }),
  route({
    method: 'GET',
    path: '/system/updates',
    may: 'admin',
    summary: 'packages that wait to be upgraded, by the package lists of the last daily look',
    params: none,
    answers: 'a line each: the package, and its new version in brackets',
    async run({ machine }) {
      const out = await machine.run(['apt-get', '-qq', '--simulate', 'upgrade']);
      const waiting = [...out.matchAll(/^Inst (\S+) (?:\[[^\]]*\] )?\((\S+)/gm)];
      return lines(waiting.map(([, name, version]) => `${name} (${version})`));
    },
  }),
  route({
    method: 'GET',
    path: '/system/reboot',
    may: 'admin',
    summary: 'whether an upgrade needs a reboot',
    params: none,
    answers: '`true` or `false`',
    run: async ({ machine }) => json(await machine.exists(paths.rebootRequired)),
  }),
  route({
    method: 'POST',
    path: '/system/reboot',
    may: 'admin',
    summary: 'reboot, where an upgrade needs it',
    params: none,
    answers: 'what happens, as text',
    async run({ machine }) {
      if (!(await machine.exists(paths.rebootRequired)))
        return text('No reboot is required, so it is not allowed.');
      await machine.run(['shutdown', '-r', '+1']);
      return text('The box reboots in a minute.');
    },
  }),
];
