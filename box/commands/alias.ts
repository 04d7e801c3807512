/** `box alias`: addresses whose mail goes to other addresses. */
import { Failure } from '../failure.ts';
import { readSettings } from '../init/settings-file.ts';
import { putAlias, readMailData, removeAlias } from '../mail/accounts.ts';
import { addressIn, aliasOf, refuseNewlyBroken } from '../mail/aliases.ts';
import { type Alias, destinationsOf, type MailData } from '../mail/required-aliases.ts';
import { locked, settle } from './change.ts';
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
  run(call) {
    return locked(call.machine, async () => {
      const data = await readMailData(call.machine);
      const [source = '', destination = ''] = call.operands;
      const permitted = call.options['permitted-senders'];
      const permittedSenders = typeof permitted === 'string' ? permitted : undefined;
      const { hostname } = await readSettings(call.machine);
      const alias = aliasOf({ source, destination, permittedSenders }, hostname, data);
      if (call.options.replace !== true) refuseTaken(data, alias.source);
      await putAlias(call.machine, alias);
      await settle(call.machine);
      call.say(told(alias));
      if (takesMailOf(data, alias))
        call.say(`note: ${alias.source} is an account, and new mail no longer reaches its own mailbox`);
    });
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
    const all = [...own, ...autoAliases.map((alias) => ({ alias, required: true }))];
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
  run(call) {
    const source = addressIn(call.operands[0] ?? '', 'an alias').toLowerCase();
    return locked(call.machine, async () => {
      const data = await readMailData(call.machine);
      if (!data.aliases.some((alias) => alias.source === source)) throw unknown(data, source);
      const aliases = data.aliases.filter((alias) => alias.source !== source);
      refuseNewlyBroken((await readSettings(call.machine)).hostname, data, { ...data, aliases });
      await removeAlias(call.machine, source);
      await settle(call.machine);
      const after = await readMailData(call.machine);
      const again = [...after.aliases, ...after.autoAliases].find((alias) => alias.source === source);
      call.say(`${source} is removed${again ? `; since a box must have it: ${told(again)}` : ''}`);
    });
  },
};

export const aliasCommands: readonly Command[] = [add, list, remove];

/** The alias as a line for people. */
function told({ source, destination, permittedSenders }: Alias): string {
  const to = destination === '' ? '(nowhere)' : destination.split(',').join(', ');
  const senders = permittedSenders ? `; may be sent as by ${permittedSenders.split(',').join(', ')}` : '';
  return `${source} -> ${to}${senders}`;
}

function refuseTaken({ aliases }: MailData, source: string): void {
  const there = aliases.find((alias) => alias.source === source);
  if (there === undefined) return;
  throw new Failure(`there is an alias already: ${told(there)}`, 'to change it, say the same with --replace');
}

function takesMailOf({ users }: MailData, alias: Alias): boolean {
  return users.some(({ email }) => email === alias.source) && !destinationsOf(alias).includes(alias.source);
}

function unknown({ autoAliases }: MailData, source: string): Failure {
  return autoAliases.some((alias) => alias.source === source)
    ? new Failure(
        `${source} is an alias that every mail domain must have`,
        `to lead it elsewhere: box alias add ${source} DESTINATION`,
      )
    : new Failure(`there is no alias ${source}`, 'see: box alias list');
}
