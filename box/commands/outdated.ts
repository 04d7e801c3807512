/** `box outdated`: after an upgrade, restarts what runs on with files that it replaced. */
import { readImage } from '../machine/settings-file.ts';
import { outdatedProcesses } from '../upgrades/outdated.ts';
import { renewOutdated } from '../upgrades/restart.ts';
import type { Command } from './command.ts';

export const outdatedCommand: Command = {
  name: 'outdated',
  operands: [],
  summary: 'name what runs on with files that an upgrade replaced',
  options: { restart: { type: 'boolean', default: false } },
  optionHelp: { restart: 'restart of it what may be restarted, and name the rest' },
  async run({ machine, say, now, options }) {
    if (options.restart !== true) {
      const found = await outdatedProcesses(machine);
      for (const { pid, program, unit, file } of found) say(`${pid} ${program} ${unit ?? '-'} ${file}`);
      return found.length === 0 ? 0 : 1;
    }
    const { restarted, failed, left } = await renewOutdated(machine, await readImage(machine), now());
    for (const unit of restarted) say(`restarted ${unit}`);
    for (const unit of failed) say(`${unit} did not come back at once; it is tried again`);
    for (const { what, file } of left) say(`${what} still runs with what was ${file}`);
    return failed.length === 0 ? 0 : 1;
  },
};
