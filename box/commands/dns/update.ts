/** `box dns update`: brings the zones up to date, and takes every key rollover as far as it may go. */
import { advance } from '../../renew/rollover/advance.ts';
import { locked } from '../change.ts';
import type { Command } from '../command.ts';
import { boxOf } from './box-of.ts';

export const update: Command = {
  name: 'dns update',
  operands: [],
  summary:
    'bring the zones up to date; signs anew what changed or is about to expire, goes on with rollovers',
  options: { force: { type: 'boolean' } },
  optionHelp: { force: 'build and sign every zone anew' },
  run(call) {
    return locked(call.machine, async () => {
      const { changed } = await advance(await boxOf(call), { force: call.options.force === true });
      call.say(changed.length === 0 ? 'every zone is up to date' : `updated DNS: ${changed.join(',')}`);
    });
  },
};
