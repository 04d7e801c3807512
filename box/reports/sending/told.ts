/** What the panel and `box reports` say of the box's own reports to others. */
import type { MailReports } from '../../../contract/reports.ts';
import type { Box } from '../../machine/box.ts';
import { kinds, readJournal } from './journal.ts';

export async function sendingOf({
  machine,
  settings,
}: Pick<Box, 'machine' | 'settings'>): Promise<MailReports['sending']> {
  const on = settings.reports !== false;
  const sent = await readJournal(machine);
  const counts = Object.entries(sent).map(([day, of]) => ({
    day,
    reports: kinds.reduce((sum, kind) => sum + Object.values(of[kind]).filter((to) => to > 0).length, 0),
  }));
  const last = counts
    .filter(({ reports }) => reports > 0)
    .sort((a, b) => (a.day < b.day ? -1 : 1))
    .at(-1);
  const { day = null, reports = 0 } = last ?? {};
  return { on, day, reports, text: textOf(on, day, reports) };
}

function textOf(on: boolean, day: string | null, reports: number): string {
  if (!on) return 'this box sends others no reports (outbound.reports)';
  const sends = 'this box sends others the reports that they ask for';
  if (day === null) return `${sends}; none has been due yet`;
  return `${sends}; the last time ${reports === 1 ? 'one' : reports} for ${day}`;
}
