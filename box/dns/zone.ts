/** A zone as the text of a file (RFC 1035, section 5), its serial number, and how long its signatures hold. Pure. */
import { hour, timers } from '../keys/timers.ts';
import { type DnsRecord, rdata } from './record.ts';
import { firstServer } from './records.ts';
import type { Zone } from './zones.ts';

/** Where the serial number goes; the text around it says whether a zone has changed. */
const serialPlace = '@SERIAL@';

/** The zone but for its serial. `keys` identifies the keys it is to be signed with: with others it is another zone. */
export function zoneText(
  { name, records }: Pick<Zone, 'name' | 'records'>,
  hostname: string,
  keys: string,
): string {
  const { refresh, retry, expire, negative } = timers;
  const soa = [
    `${firstServer(hostname)}. hostmaster.${hostname}.`,
    serialPlace,
    refresh,
    retry,
    expire,
    negative,
  ].join(' ');
  return [
    `; ${name}, made by the box program; every change is lost.`,
    `; keys: ${keys}`,
    `$ORIGIN ${name}.`,
    `$TTL ${hour}`,
    `${name}. IN SOA ${soa}`,
    ...records.map((record) => `${recordLine(record)}`),
    '',
  ].join('\n');
}

/** One record as a line of a zone file. */
export function recordLine(record: DnsRecord): string {
  return `${record.name}. IN ${record.type} ${rdata(record)}`;
}

export function withSerial(text: string, serial: number): string {
  return text.replace(serialPlace, String(serial));
}

/** Takes the serial out again; undefined for what is no zone of ours. */
export function takeSerial(text: string): { text: string; serial: number } | undefined {
  const [, before, serial, after] = /^([\s\S]*? IN SOA \S+ \S+ )(\d+)( [\s\S]*)$/.exec(text) ?? [];
  if (before === undefined || serial === undefined) return undefined;
  return { text: `${before}${serialPlace}${after}`, serial: Number(serial) };
}

/**
 * YYYYMMDDnn; always later than what the world may have seen, whatever the clock says or said: then it counts on from there.
 * @param seen 0 to 2^32-1, as is what it gives; behind the last of them comes 1
 */
export function nextSerial(seen: number | undefined, now: Date): number {
  const today = Number(`${now.toISOString().slice(0, 10).replace(/-/g, '')}00`);
  // Beyond the year 4294 a day is no serial.
  const usable = Number.isInteger(today) && today > 0 && today < serials ? today : 1;
  if (seen === undefined) return usable;
  const next = (seen + 1) % serials || 1;
  return isLater(usable, next) ? usable : next;
}

/** The last of those that the world may have seen. */
export function latestSerial(seen: readonly number[]): number | undefined {
  return seen.reduce<number | undefined>((a, b) => (a === undefined || isLater(b, a) ? b : a), undefined);
}

/** RFC 1982: serials are a circle, and those of the half before it are later than one. */
const serials = 2 ** 32;
function isLater(a: number, b: number): boolean {
  const ahead = (a - b + serials) % serials;
  return ahead > 0 && ahead < serials / 2;
}

export interface Signed {
  readonly serial: number;
  readonly inception: Date;
  readonly expiration: Date;
}

/** What a signed zone says of its SOA and that one's signature; undefined where there is none. */
export function readSigned(text: string): Signed | undefined {
  const serial = /^\S+\s+\d+\s+IN\s+SOA\s+\S+\s+\S+\s+(\d+)\s/m.exec(text)?.[1];
  const times = /^\S+\s+\d+\s+IN\s+RRSIG\s+SOA\s+\d+\s+\d+\s+\d+\s+(\d{14})\s+(\d{14})\s/m.exec(text);
  if (serial === undefined || times === null) return undefined;
  return { serial: Number(serial), expiration: fromDnsTime(times[1]), inception: fromDnsTime(times[2]) };
}

/** A point in time as RRSIG records write it: YYYYMMDDHHmmSS in UTC (RFC 4034, section 3.2). */
export function dnsTime(time: Date): string {
  return time
    .toISOString()
    .replace(/\.\d+Z$/, '')
    .replace(/[-T:]/g, '');
}

/** The other way round. */
export function fromDnsTime(text = ''): Date {
  const [, year, month, day, hours, minutes, seconds] = /^(\d{4})(..)(..)(..)(..)(..)$/.exec(text) ?? [];
  return new Date(`${year}-${month}-${day}T${hours}:${minutes}:${seconds}Z`);
}
