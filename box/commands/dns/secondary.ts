/** `box dns secondary`: other name servers that get the zones from the box. */
import { putSecondaries, readSecondaries, wantedSecondary, whoOf } from '../../dns/change-secondaries.ts';
import { type Secondary, secondaryOf } from '../../dns/secondaries.ts';
import { readSecondaryAddresses } from '../../dns/secondary-addresses.ts';
import { readTsigKeys, tsigAlgorithm } from '../../dns/tsig.ts';
import { Failure } from '../../machine/failure.ts';
import { locked } from '../change.ts';
import type { Command } from '../command.ts';
import { boxOf } from './box-of.ts';

const add: Command = {
  name: 'dns secondary add',
  operands: ['HOST|xfr:ADDRESS[/LENGTH]'],
  summary: 'let another name server have the zones, and tell it of changes; a HOST is named in the zones too',
  options: { tsig: { type: 'boolean' } },
  optionHelp: { tsig: 'demand a key, which is made for it: box dns secondary list --show-key' },
  run(call) {
    return locked(call.machine, async () => {
      const box = await boxOf(call);
      const [operand = ''] = call.operands;
      const secondary = wantedSecondary(box, `${call.options.tsig === true ? 'tsig:' : ''}${operand}`);
      const others = (await readSecondaries(box)).filter((other) => whoOf(other) !== whoOf(secondary));
      await putSecondaries(box, [...others, secondary]);
      const addresses = await readSecondaryAddresses(box.machine);
      for (const line of describe(secondary, addresses)) call.say(line);
      if (secondary.key !== undefined) call.say('its key: box dns secondary list --show-key');
    });
  },
};

const list: Command = {
  name: 'dns secondary list',
  operands: [],
  summary: 'list the other name servers of the zones',
  options: { 'show-key': { type: 'boolean' } },
  optionHelp: { 'show-key': 'with the keys that they must show' },
  async run(call) {
    const box = await boxOf(call);
    const secondaries = await readSecondaries(box);
    const addresses = await readSecondaryAddresses(box.machine);
    const keys = call.options['show-key'] === true ? await readTsigKeys(box.machine, secondaries) : [];
    for (const secondary of secondaries) {
      for (const line of describe(secondary, addresses)) call.say(line);
      for (const { name, secret } of keys.filter(({ name }) => name === secondary.key)) {
        call.say(`  key name   ${name}`);
        call.say(`  algorithm  ${tsigAlgorithm}`);
        call.say(`  secret     ${secret}`);
      }
    }
    return 0;
  },
};

const remove: Command = {
  name: 'dns secondary remove',
  operands: ['HOST|xfr:ADDRESS[/LENGTH]'],
  summary: 'give a name server the zones no longer; its key is destroyed',
  options: {},
  optionHelp: {},
  run(call) {
    return locked(call.machine, async () => {
      const box = await boxOf(call);
      const who = secondaryOf(call.operands[0] ?? '');
      const all = await readSecondaries(box);
      const gone = all.filter((other) => who !== undefined && whoOf(other) === whoOf(who));
      if (gone.length === 0)
        throw new Failure(`${call.operands[0]} is no secondary name server`, 'see: box dns secondary list');
      await putSecondaries(
        box,
        all.filter((other) => !gone.includes(other)),
      );
      call.say(`${call.operands[0]} is removed`);
    });
  },
};

export const secondaryCommands: readonly Command[] = [add, list, remove];

function describe(secondary: Secondary, addresses: Readonly<Record<string, readonly string[]>>): string[] {
  const { host, key } = secondary;
  const how = key === undefined ? 'known by its address' : 'must show its key';
  if (host === undefined) return [`${whoOf(secondary)}: ${how}`];
  const found = addresses[host] ?? [];
  return [
    `${host} (${found.length > 0 ? found.join(', ') : 'has no address now, so it gets no zone'}): ${how}`,
  ];
}
