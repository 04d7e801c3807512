/** Finishes the change to another TLS key that a power cut left between key and certificate, before a daemon reads them. */
import type { Step } from '../init/step.ts';
import { isKeyChangeSettled, settleKeyChange } from '../renew/tls-key/change.ts';

export const keyChangeStep: Step = {
  title: 'TLS key change',
  done: ({ machine }) => isKeyChangeSettled(machine),
  run: settleKeyChange,
};
