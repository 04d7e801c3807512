/** Reports of other mail servers: what a page says of them beside the box's own sentences. Pure. */
import type { MailReports, ReportedMails } from '../../contract/api.ts';

export const secondsOfDay = 86_400;

/** Its noon, which is the same day nearly everywhere. */
export const dayTime = (day: string): number => Date.parse(`${day}T12:00:00Z`) / 1000;

export const dayName = (time: number): string =>
  new Date(time * 1000).toLocaleDateString(undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });

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

export const reasonsOfNone = (address: string): string =>
  `No other mail server has reported anything in that time. Reports come by mail to ${address}, once a day from those to whom mail in your name came, or who sent you some.`;

export const sentence = (words: string): string => `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;

/** Mail of strangers that was refused is as it should be; mail of this box that was not taken is not. */
export function stateOf(fate: ReportedMails['fate'], own: boolean): readonly [string, string] {
  if (fate === 'passed') return ['ok', 'Taken'];
  if (fate === 'taken') return [own ? 'error' : 'warning', 'Unproven'];
  const word = fate === 'refused' ? 'Refused' : 'Put aside';
  return [own ? 'error' : 'plain', word];
}
