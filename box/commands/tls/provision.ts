/** `box tls provision`: has the authority issue a certificate now, if one is due. */
import { outlook, provision } from '../../renew/acme/provision.ts';
import type { Call, Command } from '../command.ts';
import { boxOf } from '../dns/box-of.ts';

export const provisionCommand: Command = {
  name: 'tls provision',
  operands: [],
  summary: 'get a certificate by ACME, if one is due (you agree to the authority’s terms)',
  options: { 'dry-run': { type: 'boolean' } },
  optionHelp: { 'dry-run': 'say for which names and why; the authority is not asked' },
  async run(call) {
    const box = await boxOf(call);
    if (call.options['dry-run'] === true) {
      const { names, skipped, due, notBefore } = await outlook(box, true);
      call.say(`due      ${due ?? 'no: the certificate in service will do'}`);
      if (notBefore !== undefined)
        call.say(`wait     the last try failed: not before ${notBefore.toISOString()}`);
      for (const name of names) call.say(`name     ${name}`);
      tell(call, skipped);
      return 0;
    }
    const done = await provision(box, { byHand: true });
    if (done.result === 'installed') call.say(`installed: for ${done.names.join(', ')}`);
    else call.say(`nothing to do: ${done.why}`);
    tell(call, done.skipped);
    return 0;
  },
};

function tell({ say }: Call, skipped: readonly { readonly name: string; readonly why: string }[]): void {
  for (const { name, why } of skipped) say(`left out ${name}: ${why}`);
}
