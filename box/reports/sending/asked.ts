/** To whom a domain wants its reports sent, as its DNS says at the time: DMARC (RFC 7489) and TLSRPT (RFC 8460). */
import { type Ask, LookupFailed } from '../../outbound-tls/question.ts';
import { domainName } from '../report.ts';
import { organisationOf, type PublicSuffixes } from './organisation.ts';

export interface Receiver {
  readonly address: string;
  /** Bytes that a mail to it may have. */
  readonly most: number;
}
export interface Asked {
  readonly receivers: readonly Receiver[];
  /** DMARC's `fo`, as the record has it. */
  readonly fo: string;
}

/** RFC 7489 wants two at least. */
const mostReceivers = 4;
/** More in a record is nobody's wish. */
const mostUris = 20;

/** @throws LookupFailed where the DNS can't say; then it is asked again later */
export async function dmarcAsks(domain: string, ask: Ask, suffixes: PublicSuffixes): Promise<Asked> {
  const record = recordOf(await ask(`_dmarc.${domain}`, 'TXT'), 'DMARC1');
  const receivers: Receiver[] = [];
  for (const receiver of receiversIn(record?.get('rua'))) {
    if (receivers.length >= mostReceivers) break;
    receivers.push(...(await agreed(domain, receiver, ask, suffixes)));
  }
  const fo = record?.get('fo') ?? '';
  return { receivers: distinct(receivers), fo: /^[01ds](:[01ds]){0,3}$/.test(fo) ? fo : '0' };
}

/** Here nobody has to agree (RFC 8460, section 3). @throws LookupFailed */
export async function tlsAsks(domain: string, ask: Ask): Promise<Asked> {
  const record = recordOf(await ask(`_smtp._tls.${domain}`, 'TXT'), 'TLSRPTv1');
  return { receivers: distinct(receiversIn(record?.get('rua'))).slice(0, mostReceivers), fo: '0' };
}

/**
 * Section 7.1: another organisation must say that it takes reports about this domain, lest mail be brought upon it. Where it names
 * another address of the same host, that is meant.
 */
async function agreed(
  domain: string,
  receiver: Receiver,
  ask: Ask,
  suffixes: PublicSuffixes,
): Promise<Receiver[]> {
  const host = hostOf(receiver);
  if (organisationOf(host, suffixes) === organisationOf(domain, suffixes)) return [receiver];
  const record = recordOf(await ask(`${domain}._report._dmarc.${host}`, 'TXT'), 'DMARC1');
  if (record === undefined) return [];
  const instead = receiversIn(record.get('rua')).filter((one) => hostOf(one) === host);
  return instead.length > 0 ? instead.slice(0, 1) : [receiver];
}

const hostOf = ({ address }: Receiver) => address.slice(address.lastIndexOf('@') + 1);

/** The tags of the one record of this version: where there are several, there is none. */
function recordOf(
  { txt }: { readonly txt: readonly string[] },
  version: string,
): ReadonlyMap<string, string> | undefined {
  const records = txt.filter((text) => new RegExp(`^v[ \\t]*=[ \\t]*${version}[ \\t]*(;|$)`).test(text));
  if (records.length !== 1) return undefined;
  const tags = new Map<string, string>();
  for (const field of (records[0] ?? '').slice(0, 4096).split(';')) {
    const at = field.indexOf('=');
    const name = field.slice(0, Math.max(at, 0)).trim().toLowerCase();
    if (name !== '' && !tags.has(name)) tags.set(name, field.slice(at + 1).trim());
  }
  return tags;
}

/** By mail alone. What is no plain address can't be meant for a machine, and is left. */
function receiversIn(list = ''): Receiver[] {
  return list
    .split(',')
    .slice(0, mostUris)
    .flatMap((uri) => {
      const [, to = '', size, unit = ''] =
        /^mailto:([^!?]{3,400})(?:!(\d{1,15})([kmgt])?)?(?:\?.*)?$/i.exec(uri.trim()) ?? [];
      const address = plainAddress(to);
      if (address === undefined) return [];
      const most = size === undefined ? Number.POSITIVE_INFINITY : Number(size) * 1024 ** power(unit);
      return [{ address, most }];
    });
}

const power = (unit: string) => ['', 'k', 'm', 'g', 't'].indexOf(unit.toLowerCase());

function plainAddress(text: string): string | undefined {
  let address: string;
  try {
    address = decodeURIComponent(text);
  } catch {
    return undefined;
  }
  const [, name, host = ''] = /^([A-Za-z0-9_][A-Za-z0-9._+=-]{0,63})@([^@]+)$/.exec(address) ?? [];
  const domain = domainName(host);
  return name === undefined || domain === undefined || !domain.includes('.')
    ? undefined
    : `${name}@${domain}`;
}

const distinct = (all: readonly Receiver[]): Receiver[] => [
  ...new Map(all.map((one) => [one.address, one])).values(),
];

export const cannotSay = (error: unknown): boolean => error instanceof LookupFailed;
