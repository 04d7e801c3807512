/** A DNS record as the box thinks of it, and its presentation format (RFC 1035, section 5). Pure. */

/** Types that the box itself publishes or an owner may add. */
export type RecordType = 'A' | 'AAAA' | 'CAA' | 'CNAME' | 'MX' | 'NS' | 'SRV' | 'SSHFP' | 'TLSA' | 'TXT';

export interface CustomRecord {
  /** Absolute, in lower case, without the final dot. */
  readonly name: string;
  readonly type: RecordType;
  /** In presentation format, but for TXT: there it is the text itself. */
  readonly value: string;
}

export interface DnsRecord extends CustomRecord {
  /** The sentence that explains it to the box's owner. */
  readonly why: string;
}

/** What stands in a zone file after the type. */
export function rdata({ type, value }: CustomRecord): string {
  return type === 'TXT' ? quotedStrings(value) : value;
}

/** Character strings of at most 255 bytes; whatever is not plain ASCII as `\DDD`. */
export function quotedStrings(text: string): string {
  const bytes = Buffer.from(text, 'utf8');
  const strings: string[] = [];
  for (let at = 0; at === 0 || at < bytes.length; at += 255) {
    strings.push(`"${[...bytes.subarray(at, at + 255)].map(escaped).join('')}"`);
  }
  return strings.join(' ');
}

function escaped(byte: number): string {
  if (byte === 0x22 || byte === 0x5c) return `\\${String.fromCharCode(byte)}`;
  return byte < 0x20 || byte > 0x7e ? `\\${String(byte).padStart(3, '0')}` : String.fromCharCode(byte);
}

/** Whether a name is the domain itself or lies below it. */
export function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

/** The nearest of the zones that the name lies in. */
export function zoneOf(name: string, zones: { readonly has: (name: string) => boolean }): string | undefined {
  for (let rest = name; ; rest = rest.slice(rest.indexOf('.') + 1)) {
    if (zones.has(rest)) return rest;
    if (!rest.includes('.')) return undefined;
  }
}

/** Order of names in a zone: a name before what lies below it (RFC 4034, section 6.1). */
export function byName(a: string, b: string): number {
  const [left, right] = [a, b].map((name) => name.split('.').reverse()) as [string[], string[]];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [x = '', y = ''] = [left[i], right[i]];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
