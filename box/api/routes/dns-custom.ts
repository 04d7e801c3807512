/** `/dns/custom`: the owner's own records, as Mail-in-a-Box's API and the many programs that prove a domain by it have them. */
import * as z from 'zod';
import { plainName } from '../../../contract/idna.ts';
import { mayRecord } from '../../accounts/log-in/scopes.ts';
import { readSecondaries, replaceSecondaries } from '../../dns/change-secondaries.ts';
import { changeTogether } from '../../dns/change-together.ts';
import type { Action } from '../../dns/custom-file.ts';
import { readOwners } from '../../dns/facts.ts';
import { wantedZones } from '../../dns/publish.ts';
import { zoneOf } from '../../dns/record.ts';
import { takeSecondaries } from '../../dns/secondaries.ts';
import { exclusively } from '../../machine/exclusively.ts';
import { Failure } from '../../machine/failure.ts';
import { addresses, field, none } from '../params.ts';
import { type Call, json, type Route, route, text } from '../route.ts';
import { boxOf } from './dns.ts';

const qname = field('the name of the record', 260);
const rtype = field('its type; without it: A', 10);
/** Curl and the like send a line end along, and what tools print of a record may stand on several lines. */
const value = z
  .string()
  .max(8000, 'is too long')
  .transform((given) => given.trim())
  .pipe(z.string().regex(/^[\P{Cc}\r\n\t]*$/u, 'holds a control character'))
  .default('')
  .describe('the value; none with A or AAAA: the address that this is asked from');

async function records(call: Call) {
  const box = await boxOf(call);
  const { custom, problem } = await readOwners(box);
  if (problem !== undefined) throw problem;
  const zones = new Set((await wantedZones(box)).zones.map(({ name }) => name));
  const all = takeSecondaries(custom).records.map((record, i) => ({
    qname: plainName(record.name),
    rtype: record.type.trim().toUpperCase(),
    value: record.value,
    zone: zoneOf(plainName(record.name), zones) ?? null,
    'sort-order': { qname: i, created: i },
  }));
  const scopes = call.who?.scopes;
  return scopes === undefined ? all : all.filter((one) => mayRecord(scopes, one.qname, one.rtype));
}

const answers =
  '`updated DNS: ` and the zones that changed, and a line for each of the box’s own records that this takes away, brings or leaves beside it; or `OK` where it was so already';

const verbs = {
  POST: { action: 'add', summary: 'add a record beside those of its name and type' },
  PUT: { action: 'set', summary: 'put a record in the place of all of one’s own of its name and type' },
  DELETE: { action: 'remove', summary: 'remove the record with this value, or all of its name and type' },
} as const satisfies Record<string, { action: Action; summary: string }>;

const onOne = (path: '/dns/custom/{qname}' | '/dns/custom/{qname}/{rtype}') => {
  const params = path.includes('{rtype}') ? z.object({ qname, rtype }) : z.object({ qname });
  const wanted = (given: object) => ({
    name: plainName((given as { qname: string }).qname),
    type: ((given as { rtype?: string }).rtype ?? 'A').toUpperCase(),
  });
  return [
    route({
      method: 'GET',
      path,
      may: 'admin',
      summary: 'one’s own records of this name and type',
      params,
      answers: 'a JSON list of `{qname, rtype, value, zone, sort-order}`',
      async run(call, given) {
        const { name, type } = wanted(given);
        return json((await records(call)).filter((one) => one.qname === name && one.rtype === type));
      },
    }),
    ...(['POST', 'PUT', 'DELETE'] as const).map((method) =>
      route({
        method,
        path,
        may: 'admin',
        summary: verbs[method].summary,
        params: params.extend({ value }),
        bodyParam: 'value',
        answers,
        async run(call, given) {
          const { name, type } = wanted(given);
          const own = method !== 'DELETE' && given.value === '' && (type === 'A' || type === 'AAAA');
          const put = own ? call.from : given.value;
          if (put === '' && method !== 'DELETE')
            throw new Failure('No value for the record provided.', 'it is the whole body of the request');
          return change(call, verbs[method].action, { name, type, ...(put === '' ? {} : { value: put }) });
        },
      }),
    ),
  ];
};

async function change(
  call: Call,
  action: Action,
  record: { readonly name: string; readonly type: string; readonly value?: string },
) {
  const made = await changeTogether(await boxOf(call), { action, ...record });
  if (made === undefined || made.changed.length === 0) return text('OK');
  return text([`updated DNS: ${made.changed.join(',')}`, ...made.told, ''].join('\n'));
}

export const dnsCustomRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/dns/custom',
    may: 'admin',
    summary: 'one’s own records',
    params: none,
    answers: 'a JSON list of `{qname, rtype, value, zone, sort-order}`',
    run: async (call) => json(await records(call)),
  }),
  ...onOne('/dns/custom/{qname}'),
  ...onOne('/dns/custom/{qname}/{rtype}'),
  route({
    method: 'GET',
    path: '/dns/secondary-nameserver',
    may: 'admin',
    summary: 'other name servers that get the zones',
    params: none,
    answers: '`{hostnames: [...]}`',
    run: async (call) =>
      json({ hostnames: (await readSecondaries(await boxOf(call))).map(({ entry }) => entry) }),
  }),
  route({
    method: 'POST',
    path: '/dns/secondary-nameserver',
    may: 'admin',
    summary: 'which other name servers get the zones: the whole list anew',
    params: z.object({
      hostnames: addresses(
        'host names, or `xfr:` and an address or network, with commas or blanks between; `tsig:` before one demands a key',
      ),
    }),
    answers: '`updated DNS: ` and the zones that changed, or `OK`',
    async run(call, { hostnames }) {
      const box = await boxOf(call);
      const zones = await exclusively(call.machine, () => replaceSecondaries(box, hostnames));
      return text(zones.length === 0 ? 'OK' : `updated DNS: ${zones.join(',')}\n`);
    },
  }),
];
