/** A report as the box keeps it: numbers, and as few words of strangers as there can be. Pure. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { NoReport } from './limits.ts';

const count = z.number().int().min(0).max(1e15);
const seconds = z.number().int().min(0).max(1e11);

/** What every report has. */
const about = {
  /** Who tells it. */
  org: z.string(),
  id: z.string(),
  /** Seconds since 1970. */
  begin: seconds,
  end: seconds,
  /** The mail that brought it came from whom it says: the box's own verdict on it. */
  proven: z.boolean(),
};

const rowSchema = z.object({
  /** Whom the mails came from. */
  address: z.string(),
  /** The domain in their From:. */
  from: z.string(),
  count,
  /** What became of them there. */
  fate: z.enum(['none', 'quarantine', 'reject']),
  /** Whether DKIM or SPF speaks for that domain. */
  aligned: z.boolean(),
});
export type Row = z.infer<typeof rowSchema>;

const dmarcSchema = z.object({
  kind: z.literal('dmarc'),
  ...about,
  domain: z.string(),
  rows: z.array(rowSchema),
  /** Of rows that are not kept. */
  left: z.object({ rows: count, mails: count }),
});
export type DmarcReport = z.infer<typeof dmarcSchema>;

const tlsSchema = z.object({
  kind: z.literal('tls'),
  ...about,
  policies: z.array(
    z.object({
      domain: z.string(),
      ok: count,
      failed: count,
      reasons: z.array(z.object({ type: z.string(), count })),
    }),
  ),
});
export type TlsReport = z.infer<typeof tlsSchema>;

export type Report = DmarcReport | TlsReport;
const reportSchema = z.discriminatedUnion('kind', [dmarcSchema, tlsSchema]);

export function readReport(text: string | undefined): Report | undefined {
  try {
    const read = reportSchema.safeParse(JSON.parse(text ?? ''));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}

const day = 86_400;

export const dayOf = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10);

/** @throws NoReport for a time that no report is of */
export function checkTimes(begin: number, end: number, now: number): void {
  const isSane =
    Number.isSafeInteger(begin) &&
    Number.isSafeInteger(end) &&
    begin <= end &&
    end - begin <= 32 * day &&
    begin >= now - 90 * day &&
    end <= now + 2 * day;
  if (!isSane) throw new NoReport('its times are no report’s of these days');
}

/** One that comes twice has one name. */
export function nameOf(report: Report): string {
  const domains = report.kind === 'dmarc' ? [report.domain] : report.policies.map(({ domain }) => domain);
  const told = JSON.stringify([report.org, report.id, report.begin, ...domains]);
  const digest = createHash('sha256').update(told).digest('hex').slice(0, 24);
  return `${dayOf(report.begin)}-${report.kind}-${digest}.json`;
}

/** A stranger's word: on one line, without what a terminal obeys, and not long. */
export const plain = (text: string, most = 100): string =>
  text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, most);

/** A stranger's domain name, in lower case; undefined for what is none. */
export function domainName(text: string): string | undefined {
  const name = text.trim().toLowerCase().replace(/\.$/, '');
  return name.length <= 253 && /^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/.test(name) ? name : undefined;
}
