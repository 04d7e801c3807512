/** How far the first steps are, in words. Pure. */
import type { FirstSteps } from '../../contract/api.ts';

/** Whoever needs no optional one may leave it. */
const neededOf = (told: FirstSteps) => openOf(told).filter(({ optional }) => optional !== true);
const openOf = ({ steps }: FirstSteps) => steps.filter(({ state }) => state === 'open');

/** Whether a new box waits for something; what breaks later makes it no new one. */
export const areLeft = (told: FirstSteps) => !told.were_done && neededOf(told).length > 0;

/** `3 of 9 steps are open` */
export function howMany(told: FirstSteps): string {
  const { length } = openOf(told);
  if (length === 0) return 'All steps are done';
  return `${length} of ${told.steps.length} steps ${length === 1 ? 'is' : 'are'} open${told.were_done ? ' again' : ''}`;
}

/** Those that were done and are no more, by their titles. Nothing is said of what was not looked at. */
export const brokenSince = (told: FirstSteps): string[] =>
  told.were_done && told.checked_at !== null ? neededOf(told).map(({ title }) => title) : [];
