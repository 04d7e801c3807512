/** `box ban`: who is banned for trying passwords, and how one gets out again. */
import { isIP } from 'node:net';
import { type Ban, covers, lift, readBans } from '../health/bans.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { networkOf } from '../machine/network.ts';
import { command } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
import type { Command } from './command.ts';

const list: Command = {
  name: 'ban list',
  operands: [],
  summary: 'list who is banned for trying passwords, and from what',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {jail, address}' },
  async run({ machine, options, say }) {
    const bans = await mustRead(machine);
    if (options.json === true) say(JSON.stringify(bans, null, 2));
    else if (bans.length === 0) say('nobody is banned');
    else for (const { jail, address } of bans) say(`${networkOf(address)} from ${jail}`);
    return 0;
  },
};

const liftBan: Command = {
  name: 'ban lift',
  operands: ['ADDRESS'],
  summary: 'let an address in again',
  options: {},
  optionHelp: {},
  async run({ machine, operands: [operand = ''], say }) {
    // As `box ban list` shows it, too.
    const address = operand.replace(/\/64$/, '');
    if (isIP(address) === 0)
      throw new Failure(`${operand} is not an IP address`, 'see who is banned: box ban list');
    const bans = (await mustRead(machine)).filter((ban) => covers(ban, address));
    if (bans.length === 0) throw new Failure(`${operand} is not banned`, 'see who is: box ban list');
    for (const ban of bans) await lift(machine, ban);
    say(`${networkOf(address)} is let in again: ${bans.map(({ jail }) => jail).join(', ')}`);
    return 0;
  },
};

export const banCommands: readonly Command[] = [list, liftBan];

async function mustRead(machine: Machine): Promise<Ban[]> {
  const bans = await readBans(machine);
  if (bans !== undefined) return bans;
  const start = command(await readImage(machine), 'startService', 'fail2ban').join(' ');
  throw new Failure('fail2ban does not run', `look at /var/log/fail2ban.log, then: ${start}`);
}
