/** `box dns show`: every record of every zone: with the reason for it, or as whoever serves it elsewhere needs it. */
import { plainName } from '../../../contract/idna.ts';
import type { WantedZone } from '../../dns/build-zones.ts';
import { table, zoneFile } from '../../dns/provider-text.ts';
import { type Wanted, wantedZones } from '../../dns/publish.ts';
import { rdata } from '../../dns/record.ts';
import { Failure } from '../../machine/failure.ts';
import { type Call, type Command, UsageError } from '../command.ts';
import { boxOf } from './box-of.ts';

export const show: Command = {
  name: 'dns show',
  operands: [],
  summary: 'print every record of every zone, with the reason for it',
  options: {
    json: { type: 'boolean' },
    'zone-file': { type: 'boolean' },
    table: { type: 'boolean' },
    zone: { type: 'string' },
  },
  optionHelp: {
    json: 'print {zones: [{name, served, records: [{name, type, value, why}]}], refused}',
    'zone-file': 'as a zone file, to import where somebody else serves the zone',
    table: 'as name, type, ttl, priority and value, to type in there',
    zone: 'of this zone only',
  },
  async run(call) {
    const { options, say } = call;
    const forms = (['json', 'zone-file', 'table'] as const).filter((form) => options[form] === true);
    if (forms.length > 1) throw new UsageError(`--${forms.join(' and --')} are two forms; choose one`);
    const wanted = await wantedZones(await boxOf(call));
    const zones = chosen(wanted.zones, options.zone);
    const form = forms[0];
    if (form === 'json') {
      const shown = zones.map(({ name, served, records }) => ({ name, served, records }));
      say(JSON.stringify({ zones: shown, refused: wanted.refused }, null, 2));
    } else if (form !== undefined) {
      for (const zone of zones) for (const line of (form === 'table' ? table : zoneFile)(zone)) say(line);
    } else explain(call, zones, wanted);
    return 0;
  },
};

function chosen(zones: readonly WantedZone[], name: Call['options'][string]): readonly WantedZone[] {
  if (typeof name !== 'string') return zones;
  const one = zones.filter((zone) => zone.name === plainName(name));
  if (one.length > 0) return one;
  const names = zones.map((zone) => zone.name);
  throw new Failure(`this box has no zone ${name}`, `it has ${names.slice(0, 20).join(', ')}`);
}

function explain({ say }: Call, zones: readonly WantedZone[], { refused, unreadable }: Wanted): void {
  for (const { name, records, served } of zones) {
    say(`; zone ${name}${served ? '' : ', which somebody else serves'}`);
    for (const record of records) {
      say(`; ${record.why}`);
      say(`${record.name}. 3600 IN ${record.type} ${rdata(record)}`);
    }
  }
  for (const { name, type, value, why } of refused)
    say(`; REFUSED ${name} ${type} ${JSON.stringify(value)}: ${why}`);
  if (unreadable !== undefined) say(`; NOT READ ${unreadable.message}`);
}
