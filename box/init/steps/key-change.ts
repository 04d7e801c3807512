/** Finishes the change to another TLS key that a power cut left between key and certificate, before a daemon reads them. */
import { isKeyChangeSettled, settleKeyChange } from '../../renew/tls-key/change.ts';
import type { Step } from './step.ts';

export const keyChangeStep: Step = {
  title: 'TLS key change',
  done: ({ machine }) => isKeyChangeSettled(machine),
  run: settleKeyChange,
};
