/** `box alias`: addresses whose mail goes to other addresses. */
import { dropAlias, leadAlias, told } from '../accounts/aliases.ts';
import { destinationsOf, isOtherSpelling } from '../mail/required-aliases.ts';
import { readMailData } from '../mail/users.ts';
import type { Command } from './command.ts';

const add: Command = {
  name: 'alias add',
  operands: ['SOURCE', 'DESTINATION[,...]'],
  summary: 'lead mail for an address, or for a whole @domain, to other addresses',
  options: { 'permitted-senders': { type: 'string' }, replace: { type: 'boolean' } },
  optionHelp: {
    'permitted-senders': 'accounts that may send as SOURCE; without it: accounts among the destinations',
    replace: 'in the place of the alias that SOURCE has now',
  },
  async run({ machine, now, operands: [source = '', destination = ''], options, say }) {
    const permitted = options['permitted-senders'];
    const permittedSenders = typeof permitted === 'string' ? permitted : undefined;
    const wish = { source, destination, permittedSenders };
    const { alias, takesMail } = await leadAlias(machine, wish, options.replace === true, now);
    say(told(alias));
    if (takesMail) say(`note: ${alias.source} is an account, and new mail no longer reaches its own mailbox`);
    return 0;
  },
};

const list: Command = {
  name: 'alias list',
  operands: [],
  summary: 'list the aliases, and those that the box makes by itself',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {source, destinations, permittedSenders, required}' },
  async run({ machine, options, say }) {
    const { aliases, autoAliases } = await readMailData(machine);
    const own = aliases.map((alias) => ({ alias, required: false }));
    const made = autoAliases.filter((alias) => !isOtherSpelling(alias));
    const all = [...own, ...made.map((alias) => ({ alias, required: true }))];
    const rows = all.map(({ alias, required }) => ({
      source: alias.source,
      destinations: destinationsOf(alias),
      permittedSenders: alias.permittedSenders?.split(',') ?? null,
      required,
    }));
    if (options.json === true) say(JSON.stringify(rows, null, 2));
    else for (const { alias, required } of all) say(`${told(alias)}${required ? ' (required)' : ''}`);
    return 0;
  },
};

const remove: Command = {
  name: 'alias remove',
  operands: ['SOURCE'],
  summary: 'remove an alias',
  options: {},
  optionHelp: {},
  async run({ machine, now, operands, say }) {
    const { source, again } = await dropAlias(machine, operands[0] ?? '', now);
    say(`${source} is removed${again ? `; since a box must have it: ${told(again)}` : ''}`);
    return 0;
  },
};

export const aliasCommands: readonly Command[] = [add, list, remove];
