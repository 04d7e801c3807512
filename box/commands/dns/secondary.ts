/** `box dns secondary`: other name servers that get the zones from the box. */
import { writeCustom } from '../../dns/change-custom.ts';
import { changedCustom } from '../../dns/custom-file.ts';
import { readOwners } from '../../dns/facts.ts';
import { updateZones } from '../../dns/publish.ts';
import { nameServers } from '../../dns/records.ts';
import {
  notSecondary,
  type Secondary,
  secondaryName,
  secondaryOf,
  takeSecondaries,
} from '../../dns/secondaries.ts';
import { readSecondaryAddresses } from '../../dns/secondary-addresses.ts';
import { readTsigKeys, removeTsigKey, tsigAlgorithm } from '../../dns/tsig.ts';
import { Failure } from '../../failure.ts';
import type { Box } from '../../init/step.ts';
import { paths } from '../../paths.ts';
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
      const secondary = secondaryOf(`${call.options.tsig === true ? 'tsig:' : ''}${operand}`);
      if (secondary === undefined)
        throw new Failure(`${operand}: ${notSecondary}`, 'see: box dns secondary add --help');
      refuseItself(box, secondary);
      const others = (await read(box)).filter((other) => whoOf(other) !== whoOf(secondary));
      await write(box, [...others, secondary]);
      await updateZones(box);
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
    const secondaries = await read(box);
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
      const all = await read(box);
      const gone = all.filter((other) => who !== undefined && whoOf(other) === whoOf(who));
      if (gone.length === 0)
        throw new Failure(`${call.operands[0]} is no secondary name server`, 'see: box dns secondary list');
      await write(
        box,
        all.filter((other) => !gone.includes(other)),
      );
      await updateZones(box);
      for (const { key } of gone) if (key !== undefined) await removeTsigKey(box.machine, key);
      call.say(`${call.operands[0]} is removed`);
    });
  },
};

export const secondaryCommands: readonly Command[] = [add, list, remove];

const whoOf = ({ host, network }: Secondary) => host ?? `xfr:${network}`;

async function read(box: Box): Promise<readonly Secondary[]> {
  const { custom, problem } = await readOwners(box);
  if (problem !== undefined) throw problem;
  return takeSecondaries(custom).secondaries;
}

/** As Mail-in-a-Box keeps them: in one value. */
async function write(box: Box, secondaries: readonly Secondary[]): Promise<void> {
  const text = (await box.machine.read(paths.customRecords)) ?? '';
  const value = secondaries.map(({ entry }) => entry).join(' ');
  const change = { name: secondaryName, type: 'A' };
  const changed = await changedCustom(
    text,
    value === '' ? { ...change, action: 'remove' } : { ...change, action: 'set', value },
  );
  if (changed !== undefined) await writeCustom(box, changed);
}

function refuseItself({ settings: { hostname } }: Box, { host }: Secondary): void {
  if (host === undefined || ![hostname, ...nameServers(hostname, [])].includes(host)) return;
  throw new Failure(`${host} is this box`, 'name another server');
}

function describe(secondary: Secondary, addresses: Readonly<Record<string, readonly string[]>>): string[] {
  const { host, key } = secondary;
  const how = key === undefined ? 'known by its address' : 'must show its key';
  if (host === undefined) return [`${whoOf(secondary)}: ${how}`];
  const found = addresses[host] ?? [];
  return [
    `${host} (${found.length > 0 ? found.join(', ') : 'has no address now, so it gets no zone'}): ${how}`,
  ];
}
