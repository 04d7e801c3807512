/** `box dns ds`: what the registrar must publish. */
import { type DsRecord, dsLine, dsRecords, toVouchFor } from '../../dns/ds.ts';
import { wantedZones } from '../../dns/publish.ts';
import { readKeySets } from '../../keys/dnssec/key-sets.ts';
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
    const sets = toVouchFor(await readKeySets(call.machine));
    const all = zones.flatMap(({ name }) => dsRecords(name, sets));
    if (call.options.json === true) call.say(JSON.stringify(all, null, 2));
    else for (const line of all.flatMap(dsText)) call.say(line);
    return 0;
  },
};

/** One record, whole and field by field, as registrars' forms ask for it. */
export function dsText(record: DsRecord): string[] {
  return [
    `${record.zone}, ${record.digestName} (one of the zone’s records is enough):`,
    `  key tag      ${record.keyTag}`,
    `  algorithm    ${record.algorithm} (${record.algorithmName})`,
    `  digest type  ${record.digestType} (${record.digestName})`,
    `  digest       ${record.digest}`,
    `  or whole     ${dsLine(record)}`,
    `  public key   ${record.publicKey} (flags 257, protocol 3; only where it is asked for)`,
  ];
}
