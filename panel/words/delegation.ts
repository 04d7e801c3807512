/** What a registrar must be told of a zone: name servers, glue and DS records, read from the zone as it is served. */
import type { DnsRecord } from '../../contract/api.ts';

export interface Ds {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: 2;
  readonly digest: string;
  readonly publicKey: string;
}

/** The key signing keys of a zone file, as the parent vouches for them (RFC 4034, section 5; digest: SHA-256). */
export async function dsOf(zone: string, zoneFile: string): Promise<Ds[]> {
  const found = new Map<string, { flags: number; algorithm: number; publicKey: string }>();
  for (const line of zoneFile.split('\n')) {
    const [, owner = '', flags, algorithm, key = ''] =
      /^(\S+)\s+\d+\s+IN\s+DNSKEY\s+(\d+)\s+3\s+(\d+)\s+([A-Za-z0-9+/= ]+)/.exec(line) ?? [];
    const publicKey = key.replaceAll(' ', '');
    if (owner.toLowerCase() === `${zone}.` && Number(flags) === 257)
      found.set(publicKey, { flags: 257, algorithm: Number(algorithm), publicKey });
  }
  return Promise.all([...found.values()].map((key) => dsOfKey(zone, key)));
}

async function dsOfKey(
  zone: string,
  { flags, algorithm, publicKey }: { flags: number; algorithm: number; publicKey: string },
): Promise<Ds> {
  const data = [flags >> 8, flags & 255, 3, algorithm, ...[...atob(publicKey)].map((c) => c.charCodeAt(0))];
  const sum = data.reduce((all, byte, i) => all + (i % 2 === 0 ? byte << 8 : byte), 0);
  const labels = zone.split('.').filter(Boolean);
  const name = labels.flatMap((label) => [label.length, ...[...label].map((c) => c.charCodeAt(0))]);
  const digest = await crypto.subtle.digest('SHA-256', new Uint8Array([...name, 0, ...data]));
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return { keyTag: (sum + (sum >> 16)) & 0xffff, algorithm, digestType: 2, digest: hex, publicKey };
}

export interface Glue {
  readonly nameServer: string;
  readonly addresses: readonly string[];
}

/** The zone's name servers, and the addresses of those that the box has records of. */
export function glueOf(zone: string, dump: readonly (readonly [string, readonly DnsRecord[]])[]): Glue[] {
  const all = dump.flatMap(([, records]) => records);
  const bare = (name: string) => name.replace(/\.$/, '').toLowerCase();
  return all
    .filter(({ qname, rtype }) => rtype === 'NS' && bare(qname) === zone)
    .map(({ value }) => ({
      nameServer: bare(value),
      addresses: all
        .filter(({ qname, rtype }) => bare(qname) === bare(value) && (rtype === 'A' || rtype === 'AAAA'))
        .map((record) => record.value),
    }));
}
