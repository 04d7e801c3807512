/**
 * Other name servers that get the zones from the box, as `_secondary_nameserver` in `custom.yaml` names them. Pure.
 *
 * An entry is a host name, which the zones then name too; or `xfr:` and an address or a network, which may only fetch
 * them. With `tsig:` before it, it must show a key that the box made for it.
 */
import { isIPv4, isIPv6 } from 'node:net';
import { plainName } from '../../contract/idna.ts';
import { hostnamePattern } from '../../contract/settings.ts';
import type { Refused, Written } from './custom.ts';

/** One of Mail-in-a-Box's own words among the names. */
export const secondaryName = '_secondary_nameserver';

export interface Secondary {
  /** As it is written, in lower case. */
  readonly entry: string;
  /** A host name, whose addresses are looked up; or else `network`. */
  readonly host?: string;
  /** An address, or one with the length of its prefix. */
  readonly network?: string;
  /** The name of the key that it must show. */
  readonly key?: string;
}

/** Takes the secondaries out of the owner's records. */
export function takeSecondaries(custom: readonly Written[]): {
  readonly secondaries: readonly Secondary[];
  readonly refused: readonly Refused[];
  readonly records: readonly Written[];
} {
  const secondaries: Secondary[] = [];
  const refused: Refused[] = [];
  const records: Written[] = [];
  for (const written of custom) {
    if (written.name.toLowerCase() !== secondaryName) records.push(written);
    else {
      for (const value of entriesOf(written.value)) {
        const secondary = secondaryOf(value);
        if (secondary === undefined) refused.push({ ...written, value, why: notSecondary });
        else if (!secondaries.some(({ entry }) => entry === secondary.entry)) secondaries.push(secondary);
      }
    }
  }
  return { secondaries, refused, records };
}

/** The words of one value: Mail-in-a-Box keeps all of them in one. */
export const entriesOf = (value: string) => value.split(/[\s,]+/).filter(Boolean);

export const notSecondary =
  'the entry is neither a host name nor `xfr:` and an address or network, perhaps with `tsig:` before it';

/** What an entry means; undefined for none that there is. */
export function secondaryOf(written: string): Secondary | undefined {
  const entry = plainName(written);
  const [, tsig, xfr, who = ''] = /^(tsig:)?(xfr:)?(.*)$/.exec(entry) ?? [];
  const key = tsig === undefined ? {} : { key: keyName(who, xfr !== undefined) };
  if (xfr !== undefined) return isNetwork(who) ? { entry, network: who, ...key } : undefined;
  return hostnamePattern.test(who) ? { entry, host: who, ...key } : undefined;
}

/** Key names are domain names, and files are named by them. */
function keyName(who: string, isAddress: boolean): string {
  return isAddress ? `xfr-${who.replace(/[^0-9a-f]+/g, '-')}` : who;
}

/** Of every network (`/0`) anybody would be part. */
function isNetwork(text: string): boolean {
  const [, address = '', length] = /^([0-9a-f.:]+)(?:\/([1-9]\d{0,2}))?$/.exec(text) ?? [];
  const longest = isIPv4(address) ? 32 : isIPv6(address) ? 128 : 0;
  return longest > 0 && (length === undefined || Number(length) <= longest);
}

/** Who may fetch the zones, as the name server is told. */
export interface Transfer {
  /** An address, or one with the length of its prefix. */
  readonly to: string;
  /** Name of the key that must be shown. */
  readonly key?: string;
}

/** @param addresses of the hosts, as they were looked up last */
export function transfersOf(
  secondaries: readonly Secondary[],
  addresses: Readonly<Record<string, readonly string[]>>,
): Transfer[] {
  return secondaries.flatMap(({ host, network, key }) => {
    const all = host === undefined ? (network ?? []) : (addresses[host] ?? []);
    return [all].flat().map((to) => ({ to, ...(key === undefined ? {} : { key }) }));
  });
}
