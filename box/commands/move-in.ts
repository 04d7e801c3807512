/** `box move-in`: another server's accounts, keys and mail become this box's. */
import { resolve } from 'node:path';
import { paths } from '../machine/paths.ts';
import { readSettings } from '../machine/settings-file.ts';
import { readMailData } from '../mail/users.ts';
import { fetchAll } from '../move-in/imap/fetch-all.ts';
import { readTable } from '../move-in/imap/table.ts';
import { importGroupware } from '../move-in/import-groupware.ts';
import { forget, type Look, lookAt } from '../move-in/look.ts';
import { bring } from '../move-in/sources/bring.ts';
import { sourceOf } from '../move-in/sources/source.ts';
import { take } from '../move-in/take.ts';
import { alone } from '../storage/backup/alone.ts';
import type { Call, Command } from './command.ts';

const fromFolder: Command = {
  name: 'move-in',
  operands: ['SOURCE'],
  summary:
    'make a Mail-in-a-Box this box’s state, from the next boot on: its storage root or its backup, a folder or rsync://USER@HOST/PATH',
  options: { key: { type: 'string' }, 'dry-run': { type: 'boolean' } },
  optionHelp: {
    key: 'SOURCE is its backup, and this file the key: secret_key.txt',
    'dry-run':
      'only say what will come and what will not; what lies on another host or in a backup is brought here for it',
  },
  run: (call) =>
    alone(call.machine, async () => {
      const box = { machine: call.machine, settings: await readSettings(call.machine), now: call.now };
      const { key } = call.options;
      const source = sourceOf(call.operands[0] ?? '', typeof key === 'string' ? key : undefined);
      try {
        const { folder, problems } = await bring(source, box, call.say);
        const look: Look = folder === undefined ? { found: [], problems } : await lookAt(box, folder);
        tell(call, look);
        if (look.old === undefined || look.problems.length > 0) return 1;
        if (call.options['dry-run'] === true) return 0;
        await take(look.old, box, call.say);
        call.say(
          `it lies ready and becomes this box’s state when you reboot; what is there now will lie in ${paths.replaced}`,
        );
        return 0;
      } finally {
        await forget(box);
      }
    }),
};

/** All of it, problems last. */
function tell({ say }: Call, { old, found, problems }: Look): void {
  if (old !== undefined) say(`Mail-in-a-Box, layout version ${old.version}`);
  for (const [title, { comes }] of found) if (comes !== undefined) say(`comes    ${title}: ${comes}`);
  for (const [title, { stays = [] }] of found) for (const line of stays) say(`not so   ${title}: ${line}`);
  for (const { message, hint } of problems) {
    say(`problem  ${message}`);
    say(`         -> ${hint}`);
  }
  if (problems.length > 0) say('nothing was done');
}

const byImap: Command = {
  name: 'move-in imap',
  operands: ['FILE'],
  summary: 'fetch accounts’ mail from other servers by IMAP; a second time, only what is new',
  options: {},
  optionHelp: {},
  async run({ machine, operands, say }) {
    const file = resolve(operands[0] ?? '');
    const accounts = new Set((await readMailData(machine)).users.map(({ email }) => email));
    const rows = await readTable(machine, file, accounts);
    const failed = await fetchAll(machine, rows, say);
    say(
      failed.length === 0
        ? 'all is here; run it once more after the MX records lead here, for what came in between'
        : `${failed.length} of ${rows.length} are not all here; run it again: what came is not fetched again`,
    );
    return failed.length === 0 ? 0 : 1;
  },
};

const calendars: Command = {
  name: 'move-in calendars',
  operands: [],
  summary: 'after the reboot: give the groupware the calendars and contacts that moved in',
  options: {},
  optionHelp: {},
  async run({ machine, say }) {
    const people = await importGroupware(machine, say);
    if (people === 0) say('there are none that wait');
    return 0;
  },
};

// Those of two words first: the other takes any word for its folder.
export const moveInCommands: readonly Command[] = [byImap, calendars, fromFolder];
