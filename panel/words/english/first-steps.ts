/** The page First steps in English. */
import type { FirstStepsWords } from '../first-steps-words.ts';

export const firstSteps: FirstStepsWords = {
  open: { one: '{n} of {all} steps is open', other: '{n} of {all} steps are open' },
  openAgain: { one: '{n} of {all} steps is open again', other: '{n} of {all} steps are open again' },
  allDone: 'All steps are done',
  states: { open: 'To do', done: 'Done' },
  checked: 'Checked.',
  lead: 'What only you can do for this box. It sees by itself what is done; when all is, this page leaves the menu.',
  waitsFor: 'Waits for:',
  more: { one: 'And {n} more, at Status.', other: 'And {n} more, at Status.' },
  steps: 'as the box tells them',
};
