/** Where somebody else serves the zones: does the world see what the box needs? */
import { SocketAddress } from 'node:net';
import { ask } from '../../dns/ask.ts';
import type { WantedZone } from '../../dns/build-zones.ts';
import { type DnsRecord, rdata } from '../../dns/record.ts';
import type { Machine } from '../../machine/machine.ts';
import { type CheckResult, error, ok, warning } from './check.ts';

/** Without these mail does not arrive; without the others it is less trusted, or less easy to set up. */
const vital = ['A', 'MX'];

/** Compares set by set: each record must be seen; what others stand beside it is their owner's business. */
export async function worldSees(machine: Machine, zone: WantedZone): Promise<CheckResult[]> {
  const sets = new Map<string, DnsRecord[]>();
  for (const record of zone.records) {
    const key = `${record.name} ${record.type}`;
    sets.set(key, [...(sets.get(key) ?? []), record]);
  }
  const results: CheckResult[] = [];
  for (const [set, records] of sets) {
    const seen = (await ask(machine, set.split(' '))).map((value) =>
      comparable(records[0]?.type ?? '', value),
    );
    for (const record of records) {
      if (seen.includes(comparable(record.type, rdata(record)))) continue;
      const tell = vital.includes(record.type) ? error : warning;
      const text = seen.length === 0 ? 'is not there' : `is something else: ${seen.join('; ').slice(0, 120)}`;
      const line = `${record.name}. IN ${record.type} ${rdata(record)}`;
      results.push(
        tell(`${record.name} ${record.type}`, text, `${record.why} Where the zone is served, set: ${line}`),
      );
    }
  }
  const missing = results.length;
  if (missing > 0) return results;
  return [ok(`zone ${zone.name}`, `the world sees all its ${zone.records.length} records`)];
}

/** Two ways to write the same value become one. */
export function comparable(type: string, value: string): string {
  if (type === 'TXT') return [...value.matchAll(/"((?:[^"\\]|\\.)*)"/g)].map(([, text]) => text).join('');
  const plain = value.toLowerCase();
  if (type === 'AAAA') return new SocketAddress({ address: plain, family: 'ipv6' }).address;
  if (type !== 'TLSA' && type !== 'SSHFP') return plain;
  const numbers = type === 'TLSA' ? 3 : 2;
  const words = plain.split(' ');
  return [...words.slice(0, numbers), words.slice(numbers).join('')].join(' ');
}
