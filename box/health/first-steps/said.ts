/** The first steps that are open, as a terminal says them. Pure. */
import type { FirstSteps } from '../../../contract/api.ts';
import { isNeeded, isOpen } from './standing.ts';

/** @param isSeen whether everything was looked at since the boot: else nobody knows what the world sees, and nothing is claimed */
export function firstStepsSaid({ were_done, steps }: FirstSteps, isSeen: boolean): string[] {
  const open = steps.filter(were_done ? isNeeded : isOpen);
  if (!isSeen) return were_done ? [] : ['first steps: box status --all looks at them'];
  if (open.length === 0) return [];
  const again = were_done ? ' again' : '';
  return [
    `first steps: ${open.length} of ${steps.length} ${open.length === 1 ? 'is' : 'are'} open${again}`,
    ...open.map(({ title, what_to_do: [first, ...others] }) => {
      // Of a zone that somebody else serves each record has its own: they stand with the checks.
      const more = others.length === 0 ? '' : `; and ${others.length} more`;
      return `${'to do'.padEnd(8)} ${title}: ${first}${more}`;
    }),
  ];
}
