/** `box dns show`: every record of every zone, with the reason for it. */
import { wantedZones } from '../../dns/publish.ts';
import { rdata } from '../../dns/record.ts';
import type { Command } from '../command.ts';
import { boxOf } from './box-of.ts';

export const show: Command = {
  name: 'dns show',
  operands: [],
  summary: 'print every record of every zone, with the reason for it',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print {zones: [{name, records: [{name, type, value, why}]}], refused}' },
  async run(call) {
    const { zones, refused, unreadable } = await wantedZones(await boxOf(call));
    if (call.options.json === true) {
      call.say(
        JSON.stringify({ zones: zones.map(({ name, records }) => ({ name, records })), refused }, null, 2),
      );
      return 0;
    }
    for (const { name, records } of zones) {
      call.say(`; zone ${name}`);
      for (const record of records) {
        call.say(`; ${record.why}`);
        call.say(`${record.name}. 3600 IN ${record.type} ${rdata(record)}`);
      }
    }
    for (const { name, type, value, why } of refused)
      call.say(`; REFUSED ${name} ${type} ${JSON.stringify(value)}: ${why}`);
    if (unreadable !== undefined) call.say(`; NOT READ ${unreadable.message}`);
    return 0;
  },
};
