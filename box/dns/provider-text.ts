/** A zone for whoever serves it instead of the box: as a zone file to import, or as fields to type in. Pure. */
import { type CustomRecord, rdata } from './record.ts';
import type { Zone } from './zones.ts';

/** Seconds. */
const ttl = 3600;

/** Without SOA and NS: those are the server's own. */
export function zoneFile({ name, records }: Zone): string[] {
  return [
    `; ${name}, to import where the zone is served. SOA and NS are that server's own.`,
    `$ORIGIN ${name}.`,
    `$TTL ${ttl}`,
    ...records.map((record) => `${record.name}. ${ttl} IN ${record.type} ${rdata(record)}`),
  ];
}

/** One record as the fields that providers ask for. */
export interface Fields {
  /** Within the zone; `@` is the zone itself. */
  readonly name: string;
  readonly type: string;
  readonly ttl: number;
  /** Of MX and SRV. */
  readonly priority: string;
  readonly value: string;
}

export function fieldsOf(zone: string, record: CustomRecord): Fields {
  const name = record.name === zone ? '@' : record.name.slice(0, -zone.length - 1);
  const [first = '', ...rest] = record.value.split(' ');
  const split = record.type === 'MX' || record.type === 'SRV';
  const value = split ? rest.join(' ') : record.value;
  return { name, type: record.type, ttl, priority: split ? first : '', value };
}

/** A table with a line for each record; the value, which may be long, comes last. */
export function table({ name, records }: Zone): string[] {
  const rows = records.map((record) => fieldsOf(name, record));
  const width = Math.max(4, ...rows.map((row) => row.name.length));
  const line = (...[host, type, time, priority, value]: [string, string, string, string, string]) =>
    [host.padEnd(width), type.padEnd(5), time.padEnd(4), priority.padEnd(8), value].join('  ');
  return [
    `zone ${name}`,
    line('name', 'type', 'ttl', 'priority', 'value'),
    ...rows.map((row) => line(row.name, row.type, String(row.ttl), row.priority, row.value)),
  ];
}
