/** The key of rewritten envelope senders (SRS): with it the box knows the addresses that it made. */
import { randomBytes } from 'node:crypto';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

const secret = { path: paths.srsSecret, mode: 0o640, group: 'box-senders' } as const;

export const srsSecretStep: Step = {
  title: 'key of rewritten senders',
  async done({ machine }) {
    return isKey(await machine.read(secret.path)) && (await machine.isOwned(secret));
  },
  async run({ machine }) {
    // Never over one that is there: what was forwarded before could not come back.
    if (isKey(await machine.read(secret.path))) await machine.own(secret);
    else await machine.put({ ...secret, text: `${randomBytes(32).toString('base64')}\n` });
  },
};

const isKey = (text: string | undefined) => /^[A-Za-z0-9+/]{43}=\n$/.test(text ?? '');
