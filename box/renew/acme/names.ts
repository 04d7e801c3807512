/** Which names a certificate of the authority shall stand for, and why others are left out. */
import { isIP } from 'node:net';
import { ask } from '../../dns/ask.ts';
import { type Wanted, wantedZones } from '../../dns/publish.ts';
import { zoneOf } from '../../dns/record.ts';
import { nameServers } from '../../dns/records.ts';
import type { Box } from '../../machine/box.ts';
import type { Skipped } from './state.ts';

/** Let's Encrypt puts no more into one certificate. */
const most = 100;

export interface Names {
  /** The box's own first, if it is among them. */
  readonly names: readonly string[];
  readonly skipped: readonly Skipped[];
}

/**
 * The box's name and every name that its zones lead to its web server by. Each must lead here in the world's eyes: the
 * authority looks there.
 */
export async function namesToCertify(box: Box): Promise<Names> {
  const wanted = await wantedZones(box);
  const { hostname } = box.settings;
  const candidates = webNames(wanted, hostname);
  const own = addressesOf(wanted, hostname).map(plain);
  const seen = await Promise.all(candidates.map((name) => whySkipped(box, wanted, name, own)));
  const names: string[] = [];
  const skipped: Skipped[] = [];
  for (const [i, name] of candidates.entries()) {
    const why = seen[i] ?? (names.length >= most ? `a certificate has room for ${most} names` : undefined);
    if (why === undefined) names.push(name);
    else skipped.push({ name, why });
  }
  return { names, skipped };
}

/** Those that the box's zones have an address for, its own. Name servers and wildcards are no web sites. */
export function webNames({ zones, secondaries }: Wanted, hostname: string): string[] {
  const servers = new Set([...nameServers(hostname, secondaries), `ns2.${hostname}`]);
  const own = new Set(addressesOf({ zones }, hostname));
  const found = zones.flatMap(({ records }) =>
    records
      .filter(({ type, value }) => (type === 'A' || type === 'AAAA') && own.has(value))
      .map(({ name }) => name),
  );
  const sites = found.filter((name) => !name.startsWith('*.') && !servers.has(name));
  return [...new Set([hostname, ...sites])];
}

function addressesOf({ zones }: Pick<Wanted, 'zones'>, name: string): string[] {
  const records = zones.flatMap((zone) => zone.records).filter((record) => record.name === name);
  return records.filter(({ type }) => type === 'A' || type === 'AAAA').map(({ value }) => value);
}

async function whySkipped(
  { machine, settings }: Box,
  { zones, served }: Wanted,
  name: string,
  own: readonly string[],
): Promise<string | undefined> {
  const answers = await Promise.all(['A', 'AAAA'].map((type) => ask(machine, [name, type])));
  // An alias is named before the addresses that it leads to.
  const found = answers
    .flat()
    .filter((line) => isIP(line) !== 0)
    .map(plain);
  if (found.length === 0) return 'it has no address in the DNS';
  const foreign = found.find((address) => !own.includes(address));
  if (foreign !== undefined) return `it leads to ${foreign}, which is not this box`;
  if (settings.acme?.challenge !== 'dns-01') return undefined;
  const zone = zoneOf(name, new Set(zones.map((each) => each.name)));
  return served.some((each) => each.name === zone)
    ? undefined
    : 'somebody else serves its zone, so that the box can’t prove it by dns-01';
}

/** One form for each IPv6 address. */
const plain = (address: string) =>
  address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
