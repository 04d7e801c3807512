/** A step that is nothing but files with a text that follows from the settings. */
import type { Box } from '../../machine/box.ts';
import type { File } from '../../machine/machine.ts';
import type { Step } from './step.ts';

export function filesStep(
  title: string,
  files: (box: Box) => Promise<readonly File[]>,
  more: Pick<Step, 'refresh' | 'optional'> = {},
): Step {
  return {
    title,
    ...more,
    async done(box) {
      for (const file of await files(box)) if (!(await box.machine.holds(file))) return false;
      return true;
    },
    async run(box) {
      for (const file of await files(box)) await box.machine.putChanged(file);
    },
  };
}
