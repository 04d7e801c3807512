/** Records of the owner that are published and can't work: what the box's zones tell, and where the hosts of others are. */
import { ask } from '../../dns/ask.ts';
import { type Broken, brokenRecords } from '../../dns/broken.ts';
import { hostIn } from '../../dns/custom.ts';
import { ownersWish } from '../../dns/reasons.ts';
import { type DnsRecord, zoneOf } from '../../dns/record.ts';
import type { Zone } from '../../dns/zones.ts';
import { domainOf } from '../../mail/address.ts';
import { readMailData } from '../../mail/users.ts';
import { type CheckResult, type Subject, warning } from './check.ts';

/** Hosts of others that are looked up: each takes up to three questions. */
const most = 40;

export async function customRecordsWork(
  { machine, settings: { hostname } }: Subject,
  zones: readonly Zone[],
): Promise<CheckResult[]> {
  const { users } = await readMailData(machine);
  const found = brokenRecords(zones, hostname, [...new Set(users.map(({ email }) => domainOf(email)))]);
  const names = new Set(zones.map(({ name }) => name));
  const abroad = new Map<string, DnsRecord>();
  for (const record of zones.flatMap(({ records }) => records)) {
    const host = record.why === ownersWish ? hostIn(record.type, record.value) : undefined;
    if (host !== undefined && zoneOf(host, names) === undefined && !abroad.has(host))
      abroad.set(host, record);
  }
  for (const [host, record] of [...abroad].slice(0, most)) {
    const why = await whyNoHost(host, record.type, (type) => ask(machine, [host, type]));
    if (why !== undefined)
      found.push({ record, why, remedy: 'correct the name, or ask whoever runs that host' });
  }
  return found.map(told);
}

async function whyNoHost(
  host: string,
  type: string,
  find: (type: string) => Promise<string[]>,
): Promise<string | undefined> {
  if (type !== 'CNAME' && (await find('CNAME')).length > 0)
    return `${host} is an alias, and must have an address of its own (RFC 2181, section 10.3)`;
  if ((await find('A')).length > 0 || (await find('AAAA')).length > 0) return undefined;
  // An alias may lead to a text alone, such as a key.
  if (type === 'CNAME' && (await find('TXT')).length > 0) return undefined;
  return `the box finds no address of ${host}`;
}

function told({ record: { name, type, value }, why, remedy }: Broken): CheckResult {
  return warning('custom DNS records', `${name} ${type} ${value.slice(0, 80)}: ${why}`, remedy, 'dns');
}
