/** How far the first steps are, in words. */
import type { FirstStepStanding, FirstSteps } from '../../contract/api.ts';
import { counted, words } from './spoken.ts';

/** Whoever needs no optional one may leave it. */
const neededOf = (told: FirstSteps) => openOf(told).filter(({ optional }) => optional !== true);
const openOf = ({ steps }: FirstSteps) => steps.filter(({ state }) => state === 'open');

/** Whether a new box waits for something; what breaks later makes it no new one. */
export const areLeft = (told: FirstSteps) => !told.were_done && neededOf(told).length > 0;

/** `3 of 9 steps are open` */
export function howMany(told: FirstSteps): string {
  const { open, openAgain, allDone } = words().firstSteps;
  const { length } = openOf(told);
  if (length === 0) return allDone;
  return counted(told.were_done ? openAgain : open, length, { all: told.steps.length });
}

export interface StepText {
  readonly title: string;
  readonly why: string;
  readonly waitsFor: string;
  /** What to do in general; none: what the box tells has it. */
  readonly whatToDo?: string;
  /** What to do as the box tells it, of this very box. */
  readonly told: readonly string[];
}

/** A step in the language of the page; what checks found and say to do is the box's, in English. */
export function stepText({ step, title, why, found, what_to_do, waits_for }: FirstStepStanding): StepText {
  const { steps } = words().firstSteps;
  if (steps === 'as the box tells them') return { title, why, waitsFor: waits_for, told: what_to_do };
  // Where nothing was found the box has nothing more to say than these words.
  return { ...steps[step], told: found.length === 0 ? [] : what_to_do };
}

/** Those that were done and are no more, by their titles. Nothing is said of what was not looked at. */
export const brokenSince = (told: FirstSteps): string[] =>
  told.were_done && told.checked_at !== null ? neededOf(told).map((one) => stepText(one).title) : [];
