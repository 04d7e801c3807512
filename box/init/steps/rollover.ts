/** Goes on with the replacement of a key that a power cut left half done. Nobody is asked, and no wait ends here: the timer sees to that. */
import { filesAreSettled, settleFiles } from '../../renew/rollover/files.ts';
import type { Step } from './step.ts';

export const rolloverStep: Step = {
  title: 'key rollover',
  done: ({ machine }) => filesAreSettled(machine),
  run: ({ machine }) => settleFiles(machine),
};
