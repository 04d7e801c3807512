/** Reports of other mail servers: what a page says of them beside the box's own sentences. */
import type { MailReports, ReportedMails } from '../../contract/api.ts';
import { filled, language, words } from './spoken.ts';

export const secondsOfDay = 86_400;

/** Its noon, which is the same day nearly everywhere. */
export const dayTime = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

export const dayName = (time: number): string =>
  new Date(time * 1000).toLocaleDateString(language(), { day: 'numeric', month: 'short', timeZone: 'UTC' });

export type Counted = Exclude<keyof MailReports['days'][number], 'day'>;

export function totals(days: MailReports['days']): Record<Counted, number> {
  const sum = (key: Counted) => days.reduce((all, day) => all + day[key], 0);
  return {
    proven: sum('proven'),
    unproven: sum('unproven'),
    encrypted: sum('encrypted'),
    failed: sum('failed'),
  };
}

export const reasonsOfNone = (address: string): string => filled(words().reports.none, { address });

export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** Mail of strangers that was refused is as it should be; mail of this box that was not taken is not. */
export function stateOf(fate: ReportedMails['fate'], own: boolean): readonly [string, string] {
  const { states } = words().reports;
  if (fate === 'passed') return ['ok', states.taken];
  if (fate === 'taken') return [own ? 'error' : 'warning', states.unproven];
  return [own ? 'error' : 'plain', fate === 'refused' ? states.refused : states.putAside];
}
