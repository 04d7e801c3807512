/** `box dns check`: what the world sees, against what it should. */
import { checkDns } from '../../health/checks/dns.ts';
import { readImage } from '../../machine/settings-file.ts';
import type { Command } from '../command.ts';
import { report } from '../status.ts';
import { boxOf } from './box-of.ts';

export const check: Command = {
  name: 'dns check',
  operands: [],
  summary: 'compare what the world sees with what it should; exit code 1 if there is an error',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {title, state, text, remedy, page}' },
  async run(call) {
    const { machine, settings, now } = await boxOf(call);
    return report(call, await checkDns({ machine, image: await readImage(machine), settings, now }));
  },
};
