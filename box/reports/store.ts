/** The reports on the storage root, a file each. Who takes mails apart writes them, and no more than that. */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { limits } from './limits.ts';
import { dayOf, nameOf, type Report, readReport } from './report.ts';

/** Whose they are: a user who has nothing else. */
export const reportsOwner = { owner: 'box-reports', group: 'box-reports' } as const;

const isName = (name: string) => /^\d{4}-\d\d-\d\d-(dmarc|tls)-[0-9a-f]{24}\.json$/.test(name);

/** Keeps them, each once, and lets go what is old or too much. */
export async function keep(machine: Machine, reports: readonly Report[], now: number): Promise<void> {
  await machine.sweep([paths.reports]);
  for (const report of reports)
    await machine.put({
      path: `${paths.reports}/${nameOf(report)}`,
      mode: 0o600,
      ...reportsOwner,
      text: `${JSON.stringify(report)}\n`,
    });
  const eldest = dayOf(now - limits.days * 86_400);
  const names = (await machine.list(paths.reports)).filter(isName);
  for (const [i, name] of names.entries())
    if (name < eldest || i < names.length - limits.reports) await machine.remove(`${paths.reports}/${name}`);
}

/** Those whose time begins on this day or later. */
export async function kept(machine: Machine, since: string): Promise<Report[]> {
  const names = (await machine.list(paths.reports)).filter((name) => isName(name) && name >= since);
  const reports: Report[] = [];
  for (const name of names) {
    // One that can't be read is no reason to show none.
    const report = readReport(await machine.read(`${paths.reports}/${name}`).catch(() => undefined));
    if (report !== undefined) reports.push(report);
  }
  return reports;
}
