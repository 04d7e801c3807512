/** The state is in the format of this image, and kept as it was where another image ran on it before. */
import { beginTrial, isSettled } from '../../storage/upgrade/trial.ts';
import type { Step } from './step.ts';

export const stateFormatStep: Step = {
  title: 'state format',
  done: ({ machine }) => isSettled(machine),
  run: ({ machine, now }) => beginTrial(machine, now()),
};
