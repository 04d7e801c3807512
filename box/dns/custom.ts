/** The owner's own records, `dns/custom.yaml` in Mail-in-a-Box v75's format: read, and each one checked. Pure. */
import { isIPv4, isIPv6 } from 'node:net';
import { asciiName, plainName } from '../../contract/idna.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { pasted } from './pasted.ts';
import { type CustomRecord, quotedStrings, type RecordType, zoneOf } from './record.ts';

/** A record as it was written. */
export interface Written {
  readonly name: string;
  readonly type: string;
  readonly value: string;
}
/** One that can't be published. */
export interface Refused extends Written {
  readonly why: string;
}
export type Judged = { readonly record: CustomRecord } | { readonly refused: Refused };

/**
 * A name maps to an address, or to types that map to a value or a list of values.
 * @throws Failure when the file is no YAML of that shape: then none of it can be trusted.
 */
export async function readCustom(text: string): Promise<Written[]> {
  // Loaded only where there is such a file: an unchanged boot starts faster without it.
  const { isScalar, parseDocument, visit } = await import('yaml');
  const wrong = (what: string) =>
    new Failure(`${paths.customRecords}: ${what}`, 'correct the file, then: box dns update');
  // Failsafe: every scalar is a string, so `1.10` and `no` are what was written. The library compares each key with
  // every other, which takes most of a minute for twenty thousand; a set does it at once.
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false });
  const [broken] = document.errors;
  if (broken !== undefined) throw wrong(broken.message.split('\n')[0] ?? 'is not YAML');
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<unknown>();
      for (const { key } of items) {
        const word = isScalar(key) ? key.value : key;
        if (seen.has(word)) throw wrong(`${word} is there twice`);
        seen.add(word);
      }
    },
  });
  let tree: unknown;
  try {
    tree = document.toJS();
  } catch (error) {
    // An alias of nothing, or of too much.
    throw wrong((error as Error).message);
  }
  if (tree === null || tree === undefined || tree === '') return [];
  if (!isMap(tree)) throw wrong('is not a map of names');
  const written: Written[] = [];
  for (const [name, entry] of Object.entries(tree)) {
    const types = typeof entry === 'string' ? { A: entry } : entry;
    if (!isMap(types)) throw wrong(`${name} is neither an address nor a map of record types`);
    for (const [type, values] of Object.entries(types)) {
      for (const value of Array.isArray(values) ? values : [values]) {
        if (typeof value !== 'string') throw wrong(`${name}: ${type}: a value is not text`);
        written.push({ name, type, value });
      }
    }
  }
  return written;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
const namePattern = new RegExp(`^(?=.{1,253}$)(\\*\\.)?${label}(\\.${label})*$`);
const targetPattern = new RegExp(`^(?=.{1,254}$)${label}(\\.${label})*\\.?$`);
/** A text of more bytes would not fit an answer beside its signature. */
const longestText = 4000;

/** One record in the form the box publishes, or why it can't be. */
export function judge(written: Written, zones: ReadonlySet<string>): Judged {
  const name = plainName(written.name);
  const type = written.type.trim().toUpperCase();
  const value = written.value.trim();
  const refuse = (why: string): Judged => ({ refused: { name, type, value, why } });
  if (!namePattern.test(name)) return refuse('the name is none that DNS can hold');
  const zone = zoneOf(name, zones);
  if (zone === undefined) {
    const [first = 'example.com'] = zones;
    const whole = name.includes('.') ? '' : `: give it whole, such as www.${first}`;
    return refuse(`no zone of this box holds the name${whole}`);
  }
  const check = checks[type as RecordType];
  if (check === undefined) return refuse(`the type is none of ${Object.keys(checks).join(', ')}`);
  const meant = pasted(name, type, value);
  if ('why' in meant) return refuse(meant.why);
  const checked = check(meant.data, zone);
  if (checked === undefined) return refuse(`the value is not ${expected[type as RecordType]}`);
  const target = hostIn(type as RecordType, checked);
  if (target !== undefined && isAddress(target))
    return refuse(
      `the value is an address, and must be the name of a host that has it: add an A or AAAA record`,
    );
  return { record: { name, type: type as RecordType, value: checked } };
}

/** What a value must be, for the owner. */
const expected: Readonly<Partial<Record<RecordType, string>>> = {
  A: 'an IPv4 address or `local`',
  AAAA: 'an IPv6 address or `local`',
  CAA: '`FLAGS TAG VALUE`, such as: 0 issue letsencrypt.org',
  CNAME: 'another host name',
  MX: '`PRIORITY HOST`, such as: 10 mail.example.com',
  NS: 'a host name',
  SRV: '`PRIORITY WEIGHT PORT HOST`, such as: 0 1 443 www.example.com',
  SSHFP: '`ALGORITHM TYPE FINGERPRINT` in hexadecimal',
  TLSA: '`USAGE SELECTOR TYPE DATA`, the data in hexadecimal',
  TXT: `a text of 1 to ${longestText} bytes on one line`,
};

/** The host that a checked value leads to. */
export function hostIn(type: RecordType, value: string): string | undefined {
  if (!['CNAME', 'MX', 'NS', 'SRV'].includes(type)) return undefined;
  const host = value.split(' ').at(-1)?.replace(/\.$/, '');
  return host === '' ? undefined : host;
}

/** No host is named in numbers alone, nor in hexadecimal with colons. */
const isAddress = (host: string) => /^(?=.*\d)[0-9.]+$|:/.test(host) || isIPv6(host.replace(/^\[|\]$/g, ''));

/** Gives the value in presentation format; undefined when it isn't one. */
type CheckValue = (value: string, zone: string) => string | undefined;

const checks: Readonly<Partial<Record<RecordType, CheckValue>>> = {
  A: (value) => (isIPv4(value) || value === 'local' ? value : undefined),
  AAAA: (value) => ((isIPv6(value) && !value.includes('%')) || value === 'local' ? value : undefined),
  CAA(value) {
    const [, flags = '', tag = '', text = ''] = /^(\d{1,3})\s+([A-Za-z0-9]{1,15})\s+(.+)$/.exec(value) ?? [];
    const plain = /^"(.*)"$/.exec(text)?.[1] ?? text;
    if (Number(flags) > 255 || !/^[\x20-\x7e]{1,255}$/.test(plain)) return undefined;
    return tag === '' ? undefined : `${Number(flags)} ${tag.toLowerCase()} ${quotedStrings(plain)}`;
  },
  CNAME: (value, zone) => host(value, zone),
  MX(value, zone) {
    const [priority = '', server = '', ...more] = value.split(/\s+/);
    // The one way to say that there is none (RFC 7505, section 3).
    if (server === '.') return number16(priority) === undefined || more.length > 0 ? undefined : '0 .';
    return more.length > 0 ? undefined : joined([number16(priority), host(server, zone)]);
  },
  NS: (value, zone) => host(value, zone),
  SRV(value, zone) {
    const [priority = '', weight = '', port = '', server = '', ...more] = value.split(/\s+/);
    if (more.length > 0) return undefined;
    return joined([number16(priority), number16(weight), number16(port), hostOrNone(server, zone)]);
  },
  SSHFP(value) {
    const [algorithm = '', kind = '', ...hex] = value.split(/\s+/);
    const fingerprint = hex.join('').toLowerCase();
    const length = { 1: 40, 2: 64 }[kind];
    if (!/^[1-46]$/.test(algorithm) || fingerprint.length !== length) return undefined;
    return /^[0-9a-f]+$/.test(fingerprint) ? `${algorithm} ${kind} ${fingerprint}` : undefined;
  },
  TLSA(value) {
    const [usage = '', selector = '', type = '', ...hex] = value.split(/\s+/);
    const data = hex.join('').toLowerCase();
    const length = { 1: 64, 2: 128 }[type];
    if (!/^[0-3][01][0-2]$/.test(usage + selector + type) || !/^([0-9a-f]{2})+$/.test(data)) return undefined;
    return length === undefined || data.length === length
      ? `${usage} ${selector} ${type} ${data}`
      : undefined;
  },
  TXT: (value) =>
    /^[^\p{Cc}\ufffd]+$/u.test(value) && Buffer.byteLength(value) <= longestText ? value : undefined,
};

const joined = (parts: readonly (string | undefined)[]) =>
  parts.includes(undefined) ? undefined : parts.join(' ');

const number16 = (text: string) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? String(Number(text)) : undefined;

/**
 * An absolute host name. One with a dot in it is meant as a whole even without the final dot, which v75 would take
 * as relative and nobody means; a single word lies in the zone.
 */
function host(value: string, zone: string): string | undefined {
  const name = asciiName(value) ?? '';
  // Judged when it is known to be the value of a host.
  if (isAddress(name)) return name;
  if (!targetPattern.test(name)) return undefined;
  if (name.endsWith('.')) return name;
  const whole = name.includes('.') ? `${name}.` : `${name}.${zone}.`;
  return targetPattern.test(whole) ? whole : undefined;
}

/** A single dot says that there is no such service. */
function hostOrNone(value: string, zone: string): string | undefined {
  return value === '.' ? '.' : host(value, zone);
}
