/** `/dns`: the zones that the box makes, as Mail-in-a-Box's API has them. */
import * as z from 'zod';
import { plainName } from '../../../contract/idna.ts';
import { mayZone } from '../../accounts/log-in/scopes.ts';
import { signedFile } from '../../dns/name-server.ts';
import { updateZones, wantedZones } from '../../dns/publish.ts';
import { rdata } from '../../dns/record.ts';
import type { Box } from '../../machine/box.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { field, none } from '../params.ts';
import { type Call, json, type Route, route, text } from '../route.ts';

/** The box as the code of the zones wants it. */
export async function boxOf({ machine, door }: Call): Promise<Box> {
  return { machine, settings: await readSettings(machine), now: () => new Date(door.now()) };
}

export const dnsRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/dns/zones',
    may: 'admin',
    summary: 'the names of the zones',
    params: none,
    answers: 'a JSON list of names',
    async run(call) {
      const names = (await wantedZones(await boxOf(call))).zones.map(({ name }) => name);
      const scopes = call.who?.scopes;
      return json(scopes === undefined ? names : names.filter((name) => mayZone(scopes, name)));
    },
  }),
  route({
    method: 'GET',
    path: '/dns/zonefile/{zone}',
    may: 'admin',
    summary: 'a zone as it is served, signatures and all',
    params: z.object({ zone: field('the name of the zone', 253) }),
    answers: 'the zone’s file as text',
    async run(call, { zone }) {
      const { zones } = await wantedZones(await boxOf(call));
      // Only a name that is one of ours becomes part of a path.
      const known = zones.find(({ name }) => name === plainName(zone));
      const file = known && (await call.machine.read(signedFile(known.name)));
      if (file === undefined) throw new Failure(`there is no zone ${zone}`, 'see: GET /admin/dns/zones');
      return text(file);
    },
  }),
  route({
    method: 'POST',
    path: '/dns/update',
    may: 'admin',
    summary: 'bring the zones up to date',
    params: z.object({ force: field('`1`: build and sign every zone anew') }),
    answers: '`updated DNS: ` and the zones that changed, or nothing',
    async run(call, { force }) {
      const box = await boxOf(call);
      const { changed } = await exclusively(call.machine, () => updateZones(box, { force: force === '1' }));
      return text(changed.length === 0 ? '' : `updated DNS: ${changed.join(',')}\n`);
    },
  }),
  route({
    method: 'GET',
    path: '/dns/dump',
    may: 'admin',
    summary: 'every record of every zone, with the reason for it',
    params: none,
    answers: 'a JSON list of `[zone, [{qname, rtype, value, explanation}]]`',
    async run(call) {
      const { zones } = await wantedZones(await boxOf(call));
      return json(
        zones.map(({ name, records }) => [
          name,
          records.map((record) => ({
            qname: record.name,
            rtype: record.type,
            value: rdata(record),
            explanation: record.why,
          })),
        ]),
      );
    },
  }),
];
