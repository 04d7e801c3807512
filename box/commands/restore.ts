/** `box restore`: what the owner of a box brings that waits for the backup it begins with. */
import { restoreStep } from '../init/steps/restore.ts';
import { Failure } from '../machine/failure.ts';
import { readSettings } from '../machine/settings-file.ts';
import { alone } from '../storage/backup/alone.ts';
import { bringKey } from '../storage/backup/first-restore.ts';
import type { Command } from './command.ts';

const key: Command = {
  name: 'restore key',
  operands: [],
  summary: 'bring a box that waits for its backup the key, as standard input: < secret_key.txt',
  options: {},
  optionHelp: {},
  async run({ machine, now, say, readInput }) {
    const settings = await readSettings(machine);
    const none = 'this is for a box that was launched with box.restore; otherwise see: box backup --help';
    if (settings.restore === undefined) throw new Failure('this box waits for no backup', none);
    // It says itself where the disk is missing, or holds another state.
    if (await restoreStep.done({ machine, settings, now }))
      throw new Failure('this box has its state already, and keeps its key', none);
    const given = await readInput();
    // Not under a restore that goes well with the key that it has.
    await alone(machine, () => bringKey(machine, given));
    say('the key is here, and the box goes on; the console and /run/box/ready.json tell how far it is');
    return 0;
  },
};

export const restoreCommands: readonly Command[] = [key];
