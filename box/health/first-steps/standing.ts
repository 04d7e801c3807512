/** Which first steps are done, by what checks and accounts say of them. Pure. */
import type { FirstStepStanding } from '../../../contract/api.ts';
import type { CheckResult } from '../checks/check.ts';
import { steps } from './words.ts';

/** Done is what something well speaks for, and nothing against: of what nothing was found nobody knows. */
export function standingsOf(results: readonly CheckResult[]): FirstStepStanding[] {
  return steps.map(({ whatToDo, ...words }) => {
    const mine = results.filter(({ step }) => step === words.step);
    const problems = mine.filter(({ state }) => state !== 'ok');
    const remedies = new Set(problems.flatMap(({ remedy = whatToDo }) => remedy));
    const page = problems.find((one) => one.page !== undefined)?.page ?? words.page;
    return {
      ...words,
      state: problems.length === 0 && mine.length > 0 ? 'done' : 'open',
      found: problems.map(({ title, text }) => `${title}: ${text}`),
      what_to_do: remedies.size === 0 ? [whatToDo] : [...remedies],
      ...(page === undefined ? {} : { page }),
    };
  });
}

/** Whoever has no use for an optional one leaves it. */
export const isNeeded = (one: FirstStepStanding) => isOpen(one) && one.optional !== true;
export const isOpen = ({ state }: FirstStepStanding) => state === 'open';
