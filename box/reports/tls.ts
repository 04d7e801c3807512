/** A report of how others could encrypt to this box (TLSRPT, RFC 8460): JSON, of which only names and numbers are taken. */
import * as z from 'zod';
import { limits, NoReport } from './limits.ts';
import { checkTimes, domainName, plain, type TlsReport } from './report.ts';

const count = z.number().int().min(0).max(1e12);
const schema = z.object({
  'organization-name': z.string(),
  'date-range': z.object({ 'start-datetime': z.string().max(40), 'end-datetime': z.string().max(40) }),
  'report-id': z.string(),
  policies: z
    .array(
      z.object({
        policy: z.object({ 'policy-domain': z.string() }),
        summary: z.object({
          'total-successful-session-count': count,
          'total-failure-session-count': count,
        }),
        'failure-details': z
          .array(z.object({ 'result-type': z.string(), 'failed-session-count': count }))
          .max(limits.records)
          .nullish(),
      }),
    )
    .min(1)
    .max(100),
});

/** @throws NoReport */
export async function readTls(
  pieces: AsyncIterable<Buffer>,
  now: number,
): Promise<Omit<TlsReport, 'proven'>> {
  const read = schema.safeParse(await parsed(pieces));
  if (!read.success) throw new NoReport(`JSON that is no report: ${read.error.issues[0]?.path.join('.')}`);
  const { 'organization-name': name, 'report-id': reportId, 'date-range': range, policies } = read.data;
  const [org, id] = [plain(name), plain(reportId, 200)];
  if (org === '' || id === '') throw new NoReport('it does not say who tells it');
  const [begin, end] = [range['start-datetime'], range['end-datetime']].map((time) =>
    Math.floor(Date.parse(time) / 1000),
  );
  checkTimes(begin as number, end as number, now);
  return {
    kind: 'tls',
    org,
    id,
    begin: begin as number,
    end: end as number,
    policies: policies.map(({ policy, summary, 'failure-details': details }) => {
      const domain = domainName(policy['policy-domain']);
      if (domain === undefined) throw new NoReport('it does not say of which domain');
      return {
        domain,
        ok: summary['total-successful-session-count'],
        failed: summary['total-failure-session-count'],
        reasons: reasonsOf(details ?? []),
      };
    }),
  };
}

async function parsed(pieces: AsyncIterable<Buffer>): Promise<unknown> {
  const all: Buffer[] = [];
  let length = 0;
  for await (const piece of pieces) {
    length += piece.length;
    if (length > limits.json) throw new NoReport('JSON that is too long');
    all.push(piece);
  }
  try {
    return JSON.parse(
      Buffer.concat(all)
        .toString('utf8')
        .replace(/^\uFEFF/, ''),
    );
  } catch {
    throw new NoReport('no JSON');
  }
}

/** By kind; those with most sessions first. */
function reasonsOf(
  details: readonly { 'result-type': string; 'failed-session-count': number }[],
): TlsReport['policies'][number]['reasons'] {
  const sums = new Map<string, number>();
  for (const { 'result-type': type, 'failed-session-count': failed } of details) {
    const name = plain(type.toLowerCase(), 60);
    sums.set(name, (sums.get(name) ?? 0) + failed);
  }
  return [...sums]
    .map(([type, failed]) => ({ type, count: failed }))
    .sort((a, b) => b.count - a.count)
    .slice(0, 10);
}
