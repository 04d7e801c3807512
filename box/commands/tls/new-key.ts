/** `box tls new-key`: changes the TLS key while TLSA records stay true at every moment. */
import { cancelKeyChange, startKeyChange } from '../../renew/tls-key/change.ts';
import { keyChangeStanding } from '../../renew/tls-key/report.ts';
import { locked } from '../change.ts';
import type { Command } from '../command.ts';
import { boxOf } from '../dns/box-of.ts';

export const newKey: Command = {
  name: 'tls new-key',
  operands: [],
  summary: 'change the TLS key: its TLSA records first, then the key, and the old records last',
  options: { show: { type: 'boolean' }, cancel: { type: 'boolean' } },
  optionHelp: {
    show: 'say how far the change is, and change nothing',
    cancel: 'give it up, as long as the old key serves',
  },
  run: (call) =>
    locked(call.machine, async () => {
      const box = await boxOf(call);
      if (call.options.cancel === true) {
        await cancelKeyChange(box);
        call.say('the next key is given up');
        return;
      }
      if (call.options.show !== true) await startKeyChange(box);
      const standing = await keyChangeStanding(box);
      call.say(
        standing === undefined
          ? 'the key is not being changed'
          : `${standing.phase}: waits for ${standing.waitsFor}`,
      );
      if (standing?.until !== undefined)
        call.say(`until      ${standing.until}, at the next box tls renew after that`);
      if (standing?.problem !== undefined) call.say(`problem    ${standing.problem.text}`);
    }),
};
