/** `box dns rollover`: replaces a key while everything stays valid, and says how far that is. */
import { type Kind, kinds } from '../../keys/rollovers.ts';
import { type Standing, standings } from '../../renew/rollover/report.ts';
import { cancelRollover, names, startRollover } from '../../renew/rollover/start.ts';
import { locked } from '../change.ts';
import type { Call, Command } from '../command.ts';
import { boxOf } from './box-of.ts';
import { dsText } from './ds.ts';

const summaries: Readonly<Record<Kind, string>> = {
  zsk: 'replace the key that signs the records; nothing for you to do',
  ksk: 'replace the key that your registrar vouches for; it will have to publish new DS records',
  dkim: 'replace the key that signs mail',
};

const starts: readonly Command[] = kinds.map((kind) => ({
  name: `dns rollover ${kind}`,
  operands: [],
  summary: summaries[kind],
  options: { cancel: { type: 'boolean' } },
  optionHelp: { cancel: 'give it up, as long as nobody relies on the new key' },
  run: (call) =>
    locked(call.machine, async () => {
      const box = await boxOf(call);
      if (call.options.cancel === true) {
        await cancelRollover(box, kind);
        call.say(`the new ${names[kind]} is given up`);
      } else await startRollover(box, kind);
      tell(call, await standings(box, false));
    }),
}));

const stand: Command = {
  name: 'dns rollover',
  operands: [],
  summary: 'say which keys are being replaced, what that waits for, and what you must do',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {kind, phase, waitsFor, until, owner, ds...}' },
  async run(call) {
    const found = await standings(await boxOf(call), true);
    if (call.options.json === true) call.say(JSON.stringify(found, null, 2));
    else tell(call, found);
    return 0;
  },
};

/** The longer names first: a command is found by its first words. */
export const rolloverCommands: readonly Command[] = [...starts, stand];

function tell({ say }: Call, found: readonly Standing[]): void {
  if (found.length === 0) say('no key is being replaced');
  for (const { kind, phase, started, waitsFor, until, ds = [], hangs, ...keys } of found) {
    say(`${names[kind]}: ${phase}, since ${started} being replaced`);
    say(`  old        ${keys.old.join(', ')}`);
    say(`  new        ${keys.new.join(', ')}`);
    say(`  waits for  ${waitsFor}`);
    if (until !== undefined) say(`  until      ${until}, at the next box dns update after that (every hour)`);
    if (hangs) say('  HANGS      it should have gone on by now; look: box status, box dns check');
    if (ds.length === 0) continue;
    say('  Give your registrar these DS records, beside the old ones or in their place:');
    for (const line of ds.flatMap(dsText)) say(`  ${line}`);
  }
}
