/** `/system`: the box itself, as Mail-in-a-Box's API has it. */
import { runChecks } from '../checks/all.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import { paths } from '../paths.ts';
import { none } from './params.ts';
import { json, lines, type Route, route, text } from './route.ts';

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
    summary: 'look at everything that should run',
    params: none,
    answers: 'a JSON list of `{type: heading|ok|warning|error, text, extra: [{text, monospace}]}`',
    async run({ machine, door }) {
      const [image, settings] = [await readImage(machine), await readSettings(machine)];
      const results = await runChecks({ machine, image, settings, now: () => new Date(door.now()) });
      const heading = { type: 'heading', text: settings.hostname, extra: [] };
      return json([
        heading,
        ...results.map(({ title, state, text, remedy }) => ({
          type: state,
          text: `${title}: ${text}`,
          extra: remedy === undefined ? [] : [{ text: remedy, monospace: false }],
        })),
      ]);
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
