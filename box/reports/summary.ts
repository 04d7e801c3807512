/** What the reports of some days say together: by day, and by day and sender. Pure. */
import type { MailReports, ReportedConnections, ReportedMails } from '../../contract/api.ts';
import { type DmarcReport, dayOf, type Report, type TlsReport } from './report.ts';
import { connectionsText, mailsText } from './words.ts';

/** The most rows of each kind: the newest. */
export const mostRows = 500;

export interface Known {
  /** Domains that the box has mail for: of others nothing is shown, for anybody may send a report. */
  readonly domains: readonly string[];
  /** The box's own addresses. */
  readonly addresses: readonly string[];
}

export function summaryOf(
  reports: readonly Report[],
  known: Known,
): Pick<MailReports, 'mails' | 'connections' | 'days' | 'reports' | 'unproven'> {
  const isOurs = (domain: string) =>
    known.domains.some((one) => domain === one || domain.endsWith(`.${one}`));
  const dmarc = reports.filter((one): one is DmarcReport => one.kind === 'dmarc' && isOurs(one.domain));
  const tls = reports.filter(
    (one): one is TlsReport => one.kind === 'tls' && one.policies.some(({ domain }) => isOurs(domain)),
  );
  const shown = [...dmarc, ...tls];
  return {
    reports: shown.length,
    unproven: shown.filter(({ proven }) => !proven).length,
    days: daysOf(dmarc, tls, isOurs),
    mails: mailsOf(dmarc, known.addresses).slice(0, mostRows),
    connections: connectionsOf(tls, isOurs).slice(0, mostRows),
  };
}

type Fate = ReportedMails['fate'];

const fateOf = ({ fate, aligned }: DmarcReport['rows'][number]): Fate =>
  fate === 'reject' ? 'refused' : fate === 'quarantine' ? 'quarantined' : aligned ? 'passed' : 'taken';

function mailsOf(reports: readonly DmarcReport[], addresses: readonly string[]): ReportedMails[] {
  const rows = new Map<string, { row: Omit<ReportedMails, 'text' | 'told_by'>; by: Set<string> }>();
  for (const { begin, org, rows: all } of reports) {
    for (const one of all) {
      const { address, from: domain, count } = one;
      const [day, fate] = [dayOf(begin), fateOf(one)];
      const own = addresses.includes(address);
      const key = JSON.stringify([day, address, domain, fate]);
      const { row, by } = rows.get(key) ?? {
        row: { day, address, domain, fate, own, mails: 0 },
        by: new Set(),
      };
      rows.set(key, { row: { ...row, mails: row.mails + count }, by: by.add(org) });
    }
  }
  return [...rows.values()]
    .map(({ row, by }) => ({ ...row, told_by: [...by].sort(), text: mailsText(row) }))
    .sort((a, b) => newest(a, b) || b.mails - a.mails);
}

function connectionsOf(
  reports: readonly TlsReport[],
  isOurs: (domain: string) => boolean,
): ReportedConnections[] {
  return reports
    .flatMap(({ begin, org, policies }) =>
      policies
        .filter(({ domain }) => isOurs(domain))
        .map(({ domain, ok, failed, reasons }) => {
          const row = {
            day: dayOf(begin),
            domain,
            encrypted: ok,
            failed,
            reasons: reasons.map(({ type }) => type),
          };
          return { ...row, told_by: org, text: connectionsText(row) };
        }),
    )
    .sort((a, b) => newest(a, b) || b.failed - a.failed || b.encrypted - a.encrypted);
}

const newest = (a: { readonly day: string }, b: { readonly day: string }) =>
  a.day === b.day ? 0 : a.day < b.day ? 1 : -1;

function daysOf(
  dmarc: readonly DmarcReport[],
  tls: readonly TlsReport[],
  isOurs: (domain: string) => boolean,
): MailReports['days'] {
  const days = new Map<string, { proven: number; unproven: number; encrypted: number; failed: number }>();
  const at = (begin: number) => {
    const day = dayOf(begin);
    const sums = days.get(day) ?? { proven: 0, unproven: 0, encrypted: 0, failed: 0 };
    days.set(day, sums);
    return sums;
  };
  for (const { begin, rows } of dmarc)
    for (const { count, aligned } of rows) at(begin)[aligned ? 'proven' : 'unproven'] += count;
  for (const { begin, policies } of tls)
    for (const { domain, ok, failed } of policies) {
      if (!isOurs(domain)) continue;
      at(begin).encrypted += ok;
      at(begin).failed += failed;
    }
  return [...days].map(([day, sums]) => ({ day, ...sums })).sort((a, b) => newest(b, a));
}
