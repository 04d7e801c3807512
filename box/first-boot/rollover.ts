/** Goes on with the replacement of a key that a power cut left half done. Nobody is asked, and no wait ends here: the timer sees to that. */
import type { Step } from '../init/step.ts';
import { filesAreSettled, settleFiles } from '../renew/rollover/files.ts';

export const rolloverStep: Step = {
  title: 'key rollover',
  done: ({ machine }) => filesAreSettled(machine),
  run: ({ machine }) => settleFiles(machine),
};
