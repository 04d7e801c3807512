/** How far the first steps are, by the last look at everything and by what the owner has done since; and the note that all were done. */
import type { FirstSteps } from '../../../contract/api.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import type { Seen } from '../checks/check.ts';
import { doneByOwner } from './own.ts';
import { isNeeded, standingsOf } from './standing.ts';

export async function readFirstSteps(machine: Machine, seen: Seen | undefined): Promise<FirstSteps> {
  return {
    checked_at: seen?.checkedAt ?? null,
    were_done: await machine.exists(paths.firstStepsDone),
    steps: standingsOf([...(seen?.results ?? []), ...(await doneByOwner(machine))]),
  };
}

/** Whether a new box waits for something. What breaks later makes no box new. */
export async function stepsAreLeft(machine: Machine, seen: Seen | undefined): Promise<boolean> {
  if (await machine.exists(paths.firstStepsDone)) return false;
  return (await readFirstSteps(machine, seen)).steps.some(isNeeded);
}

/** In the state: another image, and a box made of a backup, are no new ones. */
export async function rememberDone(machine: Machine, seen: Seen): Promise<void> {
  const { were_done, steps } = await readFirstSteps(machine, seen);
  if (were_done || steps.some(isNeeded)) return;
  await machine.put({ path: paths.firstStepsDone, mode: 0o600, text: `${seen.checkedAt}\n` });
}
