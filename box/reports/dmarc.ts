/**
 * An aggregate report of DMARC (RFC 7489, appendix C), read as it comes and never held whole. A document type is refused, and with
 * it every entity that is not XML's own; nothing is ever fetched.
 */
import { isIP } from 'node:net';
import { StringDecoder } from 'node:string_decoder';
import { SaxesParser } from 'saxes';
import { limits, NoReport } from './limits.ts';
import { checkTimes, type DmarcReport, domainName, plain, type Row } from './report.ts';

/** Where in the document the values lie that count. */
const places = {
  org: 'report_metadata/org_name',
  id: 'report_metadata/report_id',
  begin: 'report_metadata/date_range/begin',
  end: 'report_metadata/date_range/end',
  domain: 'policy_published/domain',
  address: 'record/row/source_ip',
  count: 'record/row/count',
  fate: 'record/row/policy_evaluated/disposition',
  dkim: 'record/row/policy_evaluated/dkim',
  spf: 'record/row/policy_evaluated/spf',
  from: 'record/identifiers/header_from',
} as const;
const wanted = new Set<string>(Object.values(places));

/** @throws NoReport */
export async function readDmarc(
  pieces: AsyncIterable<Buffer>,
  now: number,
): Promise<Omit<DmarcReport, 'proven'>> {
  const rows = new Rows();
  const head = await walk(pieces, rows);
  const text = (name: keyof typeof places) => head.get(places[name]) ?? '';
  const [org, id, domain] = [plain(text('org')), plain(text('id'), 200), domainName(text('domain'))];
  if (org === '' || id === '' || domain === undefined)
    throw new NoReport('it does not say who tells it, or of which domain');
  const [begin, end] = [text('begin'), text('end')].map((time) =>
    /^\s*\d{1,11}\s*$/.test(time) ? +time : NaN,
  );
  checkTimes(begin as number, end as number, now);
  return { kind: 'dmarc', org, id, begin: begin as number, end: end as number, domain, ...rows.kept(domain) };
}

/** Gives the values that stand but once. */
async function walk(pieces: AsyncIterable<Buffer>, rows: Rows): Promise<Map<string, string>> {
  const head = new Map<string, string>();
  let record: Map<string, string> | undefined;
  const open: string[] = [];
  let root = false;
  const fail = (why: string): never => {
    throw new NoReport(why);
  };
  const parser = new SaxesParser({ fragment: false });
  parser.on('error', (error) => fail(`no XML: ${error.message.slice(0, 200)}`));
  parser.on('doctype', () => fail('it has a document type'));
  parser.on('opentag', ({ name }) => {
    const local = name.replace(/^.*:/, '');
    if (!root && local !== 'feedback') fail('its root is another one');
    if (open.length >= limits.depth) fail('too deep');
    if (root) open.push(local);
    root = true;
    if (open.length === 1 && local === 'record') record = new Map();
  });
  parser.on('text', (text) => {
    const place = open.join('/');
    if (!wanted.has(place)) return;
    const values = record ?? head;
    values.set(place, ((values.get(place) ?? '') + text).slice(0, limits.value));
  });
  parser.on('closetag', () => {
    const local = open.pop();
    if (open.length > 0 || local !== 'record' || record === undefined) return;
    rows.add(record);
    record = undefined;
  });
  const decoder = new StringDecoder('utf8');
  let isFirst = true;
  for await (const piece of pieces) {
    const text = decoder.write(piece);
    parser.write(isFirst ? text.replace(/^\s+(?=<)/, '') : text);
    isFirst = false;
  }
  parser.close();
  return head;
}

/** Its records, added up: one a sender, domain and fate. */
class Rows {
  readonly #rows = new Map<string, Row>();
  #records = 0;

  add(record: ReadonlyMap<string, string>): void {
    this.#records += 1;
    if (this.#records > limits.records) throw new NoReport('too many records');
    const text = (name: keyof typeof places) => (record.get(places[name]) ?? '').trim().toLowerCase();
    const address = text('address');
    // One that does not say whose mails, or how many, says nothing.
    if (isIP(address) === 0 || !/^\d{1,9}$/.test(text('count'))) return;
    const fate = text('fate');
    const row: Row = {
      address,
      from: domainName(text('from')) ?? '',
      count: Number(text('count')),
      fate: fate === 'quarantine' || fate === 'reject' ? fate : 'none',
      aligned: text('dkim') === 'pass' || text('spf') === 'pass',
    };
    const key = JSON.stringify({ ...row, count: 0 });
    const before = this.#rows.get(key)?.count ?? 0;
    this.#rows.set(key, { ...row, count: before + row.count });
  }

  kept(domain: string): Pick<DmarcReport, 'rows' | 'left'> {
    const all = [...this.#rows.values()].sort((a, b) => b.count - a.count);
    const rest = all.slice(limits.rows);
    return {
      rows: all.slice(0, limits.rows).map((row) => ({ ...row, from: row.from || domain })),
      left: { rows: rest.length, mails: rest.reduce((sum, { count }) => sum + count, 0) },
    };
  }
}
