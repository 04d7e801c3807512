/** `box tls renew`: what the timer runs every day: renews the certificate in time, and goes on with a change of the key. */
import { exclusively } from '../../machine/exclusively.ts';
import { paths } from '../../machine/paths.ts';
import { provision } from '../../renew/acme/provision.ts';
import { remakeCertificateOfTheFuture } from '../../renew/clock-was-ahead.ts';
import { advanceKeyChange } from '../../renew/tls-key/change.ts';
import type { Command } from '../command.ts';
import { boxOf } from '../dns/box-of.ts';

export const renew: Command = {
  name: 'tls renew',
  operands: [],
  summary: 'renew the certificate if it is time, go on with a change of the key (a timer runs it)',
  options: {},
  optionHelp: {},
  async run(call) {
    const box = await boxOf(call);
    await exclusively(call.machine, async () => {
      if (await remakeCertificateOfTheFuture(box))
        call.say('the box’s own certificate was made anew: its old one was not valid yet');
      await advanceKeyChange(box);
    });
    // Nobody is asked for certificates until the owner has said so, in box.yaml or by hand.
    if (box.settings.acme === undefined && !(await call.machine.exists(paths.acmeAccount))) return 0;
    const done = await provision(box, { byHand: false });
    call.say(done.result === 'installed' ? `installed: for ${done.names.join(', ')}` : done.why);
    return 0;
  },
};
