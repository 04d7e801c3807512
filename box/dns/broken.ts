/** Records of the owner that are published and can't work, or do harm, by what the box's own zones say. Pure. */
import { hostIn } from './custom.ts';
import { leadsElsewhere } from './exchangers.ts';
import { ownersWish } from './reasons.ts';
import { type DnsRecord, zoneOf } from './record.ts';
import type { Zone } from './zones.ts';

export interface Broken {
  readonly record: DnsRecord;
  readonly why: string;
  readonly remedy: string;
}
type ByName = ReadonlyMap<string, readonly DnsRecord[]>;

/** @param userDomains those that people have accounts in */
export function brokenRecords(
  zones: readonly Zone[],
  hostname: string,
  userDomains: readonly string[],
): Broken[] {
  const names = new Set(zones.map(({ name }) => name));
  const all = new Map<string, DnsRecord[]>();
  for (const record of zones.flatMap(({ records }) => records))
    all.set(record.name, [...(all.get(record.name) ?? []), record]);
  const found: Broken[] = [];
  for (const [name, there] of all) {
    const own = there.filter(({ why }) => why === ownersWish);
    for (const record of own) {
      const host = hostIn(record.type, record.value);
      const why = host && zoneOf(host, names) && whyNoHost(host, record.type, all);
      if (why) found.push({ record, why, remedy: `lead it to a host that is there, or add ${host}` });
    }
    const exchangers = own.filter(({ type }) => type === 'MX');
    const values = exchangers.map(({ value }) => value);
    if (exchangers[0] !== undefined && userDomains.includes(name) && leadsElsewhere(values, hostname)) {
      const why = values.includes('0 .')
        ? `it says that ${name} takes no mail, though there are accounts in it`
        : `mail for ${name} goes to others, and not to its accounts on this box`;
      const remedy = `where that is not meant: box dns custom remove ${name} MX`;
      found.push({ record: exchangers[0], why, remedy });
    }
    const policies = own.filter(({ type, value }) => type === 'TXT' && /^v=spf1( |$)/i.test(value));
    if (policies[1] !== undefined) {
      const why = `${policies.length} SPF records at one name: who checks takes none of them (RFC 7208, section 4.5)`;
      found.push({ record: policies[1], why, remedy: 'make one of them' });
    }
  }
  return found;
}

/** Whether nobody gets anywhere by this host of a zone of the box's. */
function whyNoHost(host: string, type: string, all: ByName): string | undefined {
  if (isDelegated(host, all)) return undefined;
  const there = all.get(host) ?? all.get(host.replace(/^[^.]+/, '*')) ?? [];
  if (there.length === 0) return `there is no ${host}`;
  if (type === 'CNAME') return undefined;
  if (there.some((record) => record.type === 'CNAME'))
    return `${host} is an alias, and must have an address of its own (RFC 2181, section 10.3)`;
  const hasAddress = there.some((record) => record.type === 'A' || record.type === 'AAAA');
  return hasAddress ? undefined : `${host} has no address`;
}

/** Others answer for it: an NS of the owner's is a delegation, since those of a zone's own top are the box's. */
function isDelegated(host: string, all: ByName): boolean {
  const isCut = (name: string) =>
    (all.get(name) ?? []).some(({ type, why }) => type === 'NS' && why === ownersWish);
  const labels = host.split('.');
  return labels.some((_, i) => isCut(labels.slice(i).join('.')));
}
