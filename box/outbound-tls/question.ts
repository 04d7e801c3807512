/** A question to the box's resolver, and its answer: the wire format is the library's, the meaning is ours. */
import { type DecodedPacket, decode, encode } from 'dns-packet';

export type RecordType = 'A' | 'AAAA' | 'MX' | 'TLSA' | 'TXT';

/** A TLSA record's data (RFC 6698, section 2.1). */
export interface Tlsa {
  readonly usage: number;
  readonly selector: number;
  readonly matchingType: number;
  readonly certificate: Buffer;
}

export interface Answer {
  /** Whether the resolver validated it; of a denial, too. */
  readonly secure: boolean;
  /** There is no such name at all. */
  readonly noName: boolean;
  readonly mx: readonly { readonly preference: number; readonly exchange: string }[];
  readonly tlsa: readonly Tlsa[];
  /** Each record's strings, joined. */
  readonly txt: readonly string[];
  /** The name at the end of the aliases; the name that was asked for where there is none. */
  readonly canonical: string;
  /** Whether there is an A or AAAA record. */
  readonly hasAddress: boolean;
}

/** How to ask. @throws LookupFailed where there is no answer that can be relied on */
export type Ask = (name: string, type: RecordType) => Promise<Answer>;

/** No answer, or one that did not pass validation: not the same as an answer that there is nothing. */
export class LookupFailed extends Error {
  override readonly name = 'LookupFailed';
  constructor(name: string, type: RecordType, why: string) {
    super(`${type} of ${name}: ${why}`);
  }
}

const recursionDesired = 1 << 8;
const dnssecOk = 1 << 15;

/** The message, as UDP would carry it. DNSSEC OK makes every release's resolver say what it validated (the AD bit). */
export function question(id: number, name: string, type: RecordType): Buffer {
  return encode({
    type: 'query',
    id,
    flags: recursionDesired,
    questions: [{ type, name, class: 'IN' }],
    additionals: [
      {
        type: 'OPT',
        name: '.',
        udpPayloadSize: 4096,
        flags: dnssecOk,
        flag_do: true,
        extendedRcode: 0,
        ednsVersion: 0,
        options: [],
      },
    ],
  });
}

/** @throws LookupFailed */
export function readAnswer(message: Buffer, id: number, name: string, type: RecordType): Answer {
  let packet: DecodedPacket;
  try {
    packet = decode(message);
  } catch {
    throw new LookupFailed(name, type, 'the answer cannot be read');
  }
  const asked = packet.questions?.[0];
  if (
    packet.type !== 'response' ||
    packet.id !== id ||
    lower(asked?.name) !== lower(name) ||
    asked?.type !== type
  )
    throw new LookupFailed(name, type, 'the answer is to another question');
  // The library's own typing leaves it out.
  const { rcode } = packet as DecodedPacket & { readonly rcode: string };
  if (packet.flag_tc || (rcode !== 'NOERROR' && rcode !== 'NXDOMAIN'))
    throw new LookupFailed(name, type, packet.flag_tc ? 'cut off' : rcode);
  const answers = packet.answers ?? [];
  let canonical = lower(name);
  for (const answer of answers) {
    if (answer.type === 'CNAME' && lower(answer.name) === canonical) canonical = lower(answer.data);
  }
  const here = answers.filter((answer) => lower(answer.name) === canonical);
  return {
    secure: packet.flag_ad === true,
    noName: rcode === 'NXDOMAIN',
    canonical,
    hasAddress: here.some(({ type: of }) => of === 'A' || of === 'AAAA'),
    mx: here.flatMap((answer) =>
      answer.type === 'MX'
        ? [{ preference: answer.data.preference ?? 0, exchange: lower(answer.data.exchange) }]
        : [],
    ),
    tlsa: here.flatMap((answer) => (answer.type === 'TLSA' ? [answer.data as unknown as Tlsa] : [])),
    txt: here.flatMap((answer) => (answer.type === 'TXT' ? [joined(answer.data)] : [])),
  };
}

const lower = (name: string | undefined): string => (name ?? '').toLowerCase().replace(/\.$/, '');

function joined(data: unknown): string {
  return (Array.isArray(data) ? data : [data])
    .map((part) => Buffer.from(part as Buffer).toString('latin1'))
    .join('');
}
