/** Records of the owner that are published and can't work, or do harm, by what the box's own zones say. Pure. */
import { hostIn } from './custom.ts';
import { leadsElsewhere } from './exchangers.ts';
import { type DnsRecord, zoneOf } from './record.ts';
import type { Zone } from './records.ts';
import { ownersWish } from './told-change.ts';

export interface Broken {
  readonly record: DnsRecord;
  readonly why: string;
  readonly remedy: string;
}

/** @param userDomains those that people have accounts in */
export function brokenRecords(
  zones: readonly Zone[],
  hostname: string,
  userDomains: readonly string[],
): Broken[] {
  const all = zones.flatMap(({ records }) => records);
  const own = all.filter(({ why }) => why === ownersWish);
  const names = new Map(zones.map((zone) => [zone.name, zone]));
  const found: Broken[] = [];
  for (const record of own) {
    const { name, type, value } = record;
    const host = hostIn(type, value);
    if (host !== undefined && zoneOf(host, names) !== undefined) {
      const why = whyNoHost(host, type, all);
      if (why !== undefined)
        found.push({ record, why, remedy: `lead it to a host that is there, or add ${host}` });
    }
    const others = own.filter((other) => other.name === name && other.type === type);
    if (others[0] !== record) continue;
    if (type === 'MX' && userDomains.includes(name)) {
      const exchangers = others.map((other) => other.value);
      const why = exchangers.includes('0 .')
        ? `it says that ${name} takes no mail, though there are accounts in it`
        : `mail for ${name} goes to others, and not to its accounts on this box`;
      const remedy = `where that is not meant: box dns custom remove ${name} MX`;
      if (leadsElsewhere(exchangers, hostname)) found.push({ record, why, remedy });
    }
    const policies = others.filter((other) => isSpf(other.value));
    if (type === 'TXT' && policies.length > 1) {
      const why = `${policies.length} SPF records at one name: who checks takes none of them (RFC 7208, section 4.5)`;
      found.push({ record: policies[1] ?? record, why, remedy: 'make one of them' });
    }
  }
  return found;
}

const isSpf = (value: string) => /^v=spf1( |$)/i.test(value);

function whyNoHost(host: string, type: string, all: readonly DnsRecord[]): string | undefined {
  const there = all.filter(({ name }) => name === host || name === host.replace(/^[^.]+/, '*'));
  if (
    all.some(
      ({ name, type }) => type === 'NS' && host !== name && host.endsWith(`.${name}`) && isCut(name, all),
    )
  )
    return undefined;
  if (there.some((record) => record.type === 'CNAME'))
    return type === 'CNAME'
      ? undefined
      : `${host} is an alias, and must have an address of its own (RFC 2181, section 10.3)`;
  if (type === 'CNAME') return there.length === 0 ? `there is no ${host}` : undefined;
  return there.some((record) => record.type === 'A' || record.type === 'AAAA')
    ? undefined
    : `${host} has no address`;
}

/** A zone has the box's own NS at its top. */
const isCut = (cut: string, all: readonly DnsRecord[]) =>
  all.some(({ name, type, why }) => name === cut && type === 'NS' && why === ownersWish);
