/** `box dns`: the zones that the box answers for. */
import { checkDns } from '../checks/dns.ts';
import { readKeySets } from '../dns/dnssec.ts';
import { dsLine, dsRecords } from '../dns/ds.ts';
import { updateZones, wantedZones } from '../dns/publish.ts';
import { rdata } from '../dns/record.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import type { Box } from '../init/step.ts';
import { locked } from './change.ts';
import type { Call, Command } from './command.ts';
import { report } from './status.ts';

const json = { json: { type: 'boolean' } } as const;

const show: Command = {
  name: 'dns show',
  operands: [],
  summary: 'print every record of every zone, with the reason for it',
  options: json,
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

const update: Command = {
  name: 'dns update',
  operands: [],
  summary: 'bring the zones up to date; signs anew what changed or is about to expire',
  options: { force: { type: 'boolean' } },
  optionHelp: { force: 'build and sign every zone anew' },
  run(call) {
    return locked(call.machine, async () => {
      const { changed } = await updateZones(await boxOf(call), { force: call.options.force === true });
      call.say(changed.length === 0 ? 'every zone is up to date' : `updated DNS: ${changed.join(',')}`);
    });
  },
};

const ds: Command = {
  name: 'dns ds',
  operands: [],
  summary: 'print the DS records that your registrar must publish, so that the zones’ signatures count',
  options: json,
  optionHelp: { json: 'print a list of {zone, keyTag, algorithm, digestType, digest, publicKey...}' },
  async run(call) {
    const { zones } = await wantedZones(await boxOf(call));
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

const check: Command = {
  name: 'dns check',
  operands: [],
  summary: 'compare what the world sees with what it should; exit code 1 if there is an error',
  options: json,
  optionHelp: { json: 'print a list of {title, state, text, remedy}' },
  async run(call) {
    const { machine, settings, now } = await boxOf(call);
    return report(call, await checkDns({ machine, image: await readImage(machine), settings, now }));
  },
};

export const dnsCommands: readonly Command[] = [show, update, ds, check];

async function boxOf({ machine, now }: Call): Promise<Box> {
  return { machine, settings: await readSettings(machine), now };
}
