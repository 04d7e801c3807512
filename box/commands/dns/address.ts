/** `box dns address`: the addresses that the world is told, for a box that can't see its own. */
import { isIPv4 } from 'node:net';
import { published, whyNotPublic } from '../../dns/addresses.ts';
import { updateZones } from '../../dns/publish.ts';
import { readTold, toldAddresses, toldFile } from '../../dns/told-addresses.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { locked } from '../change.ts';
import type { Call, Command } from '../command.ts';
import { boxOf } from './box-of.ts';

const show: Command = {
  name: 'dns address show',
  operands: [],
  summary: 'print the addresses that the zones hold, and where each comes from',
  options: {},
  optionHelp: {},
  async run(call) {
    const box = await boxOf(call);
    const [told, later] = [await toldAddresses(box), await readTold(box.machine)];
    for (const [family, key] of [
      [4, 'ipv4'],
      [6, 'ipv6'],
    ] as const) {
      const address = published(family, told[key], box.machine.addresses());
      const source =
        later[key] !== undefined
          ? 'told by box dns address set'
          : box.settings[key === 'ipv4' ? 'publicIpv4' : 'publicIpv6'] !== undefined
            ? 'told by the settings'
            : told[key] !== undefined
              ? 'told by the cloud'
              : 'seen on an interface';
      call.say(`IPv${family}: ${address === undefined ? 'none' : `${address}, ${source}`}`);
    }
    return 0;
  },
};

const set: Command = {
  name: 'dns address set',
  operands: ['ADDRESS'],
  summary:
    'tell the box the public IPv4 or IPv6 address that it is reached at, and bring the zones up to date',
  options: {},
  optionHelp: {},
  run(call) {
    const [address = ''] = call.operands;
    const why = whyNotPublic(address);
    if (why !== undefined)
      throw new Failure(`${address} ${why}`, 'give the address at which the world reaches the box');
    return locked(call.machine, async () => {
      const told = await readTold(call.machine);
      const file = toldFile({ ...told, [isIPv4(address) ? 'ipv4' : 'ipv6']: address });
      await call.machine.putChanged(file);
      await update(call);
    });
  },
};

const clear: Command = {
  name: 'dns address clear',
  operands: [],
  summary: 'forget what `box dns address set` told: the settings hold again, or what the box sees',
  options: {},
  optionHelp: {},
  run(call) {
    return locked(call.machine, async () => {
      await call.machine.remove(paths.toldAddresses);
      await update(call);
    });
  },
};

export const addressCommands: readonly Command[] = [show, set, clear];

async function update(call: Call): Promise<void> {
  const { changed } = await updateZones(await boxOf(call));
  call.say(changed.length === 0 ? 'every zone is up to date' : `updated DNS: ${changed.join(',')}`);
}
