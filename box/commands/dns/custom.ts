/** `box dns custom`: the owner's own records, one at a time. */
import { changeCustom } from '../../dns/change-custom.ts';
import type { Action } from '../../dns/custom-file.ts';
import { readOwners } from '../../dns/facts.ts';
import { updateZones, wantedZones } from '../../dns/publish.ts';
import { takeSecondaries } from '../../dns/secondaries.ts';
import { locked } from '../change.ts';
import type { Call, Command } from '../command.ts';
import { boxOf } from './box-of.ts';

const list: Command = {
  name: 'dns custom list',
  operands: [],
  summary: 'list your own records, and which of them can’t be published',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {name, type, value}' },
  async run(call) {
    const box = await boxOf(call);
    const { custom, problem } = await readOwners(box);
    if (problem !== undefined) throw problem;
    const { records } = takeSecondaries(custom);
    if (call.options.json === true) call.say(JSON.stringify(records, null, 2));
    else {
      for (const { name, type, value } of records) call.say(`${name} ${type} ${value}`);
      const { refused } = await wantedZones(box);
      for (const { name, type, value, why } of refused) call.say(`REFUSED ${name} ${type} ${value}: ${why}`);
    }
    return 0;
  },
};

const add: Command = {
  name: 'dns custom add',
  operands: ['NAME', 'TYPE', 'VALUE'],
  summary: 'add a record beside those of its name and type',
  options: {},
  optionHelp: {},
  run: (call) => change(call, 'add', call.operands[2]),
};

const set: Command = {
  name: 'dns custom set',
  operands: ['NAME', 'TYPE', 'VALUE'],
  summary: 'put a record in the place of all of your own of its name and type',
  options: {},
  optionHelp: {},
  run: (call) => change(call, 'set', call.operands[2]),
};

const remove: Command = {
  name: 'dns custom remove',
  operands: ['NAME', 'TYPE'],
  summary: 'remove your own records of a name and type',
  options: { value: { type: 'string' } },
  optionHelp: { value: 'only the one with this value' },
  run(call) {
    const { value } = call.options;
    return change(call, 'remove', typeof value === 'string' ? value : undefined);
  },
};

export const customCommands: readonly Command[] = [list, add, set, remove];

function change(call: Call, action: Action, value: string | undefined): Promise<number> {
  return locked(call.machine, async () => {
    const box = await boxOf(call);
    const [name = '', type = ''] = call.operands;
    const told = await changeCustom(box, { action, name, type, ...(value === undefined ? {} : { value }) });
    if (told !== undefined) {
      const { changed } = await updateZones(box);
      call.say(`updated DNS: ${changed.join(',')}`);
      for (const line of told) call.say(line);
    } else call.say('it is so already');
  });
}
