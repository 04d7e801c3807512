/** Times and sizes as the language writes them. */
import { language, numberOf, words } from './spoken.ts';

/** A size for people, of 1024 each. */
export function sizeOf(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  let [size, unit] = [bytes / 1024, 0];
  for (; size >= 1024 && unit < units.length - 1; unit++) size /= 1024;
  return `${numberOf(size, size < 10 ? 1 : 0)} ${units[unit]}`;
}

export const dayOf = (time: string) =>
  new Date(time).toLocaleDateString(language(), { year: 'numeric', month: 'short', day: 'numeric' });

/** How long ago something was, as people say it. */
export function ago(then: number, now: number): string {
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return words().status.justNow;
  const told = new Intl.RelativeTimeFormat(language());
  if (minutes < 60) return told.format(-minutes, 'minute');
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? told.format(-hours, 'hour') : told.format(-Math.floor(hours / 24), 'day');
}
