/** `box dns ds`: what the registrar must publish. */
import { readKeySets } from '../../dns/dnssec.ts';
import { dsLine, dsRecords } from '../../dns/ds.ts';
import { wantedZones } from '../../dns/publish.ts';
import type { Command } from '../command.ts';
import { boxOf } from './box-of.ts';

export const ds: Command = {
  name: 'dns ds',
  operands: [],
  summary: 'print the DS records that your registrar must publish, so that the zones’ signatures count',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {zone, keyTag, algorithm, digestType, digest, publicKey...}' },
  async run(call) {
    const { served: zones } = await wantedZones(await boxOf(call));
    const sets = await readKeySets(call.machine);
    const all = zones.flatMap(({ name }) => dsRecords(name, sets));
    if (call.options.json === true) call.say(JSON.stringify(all, null, 2));
    else {
      for (const record of all) {
        call.say(`${record.zone}, ${record.digestName} (one of the zone’s records is enough):`);
        call.say(`  key tag      ${record.keyTag}`);
        call.say(`  algorithm    ${record.algorithm} (${record.algorithmName})`);
        call.say(`  digest type  ${record.digestType} (${record.digestName})`);
        call.say(`  digest       ${record.digest}`);
        call.say(`  or whole     ${dsLine(record)}`);
        call.say(`  public key   ${record.publicKey} (flags 257, protocol 3; only where it is asked for)`);
      }
    }
    return 0;
  },
};
