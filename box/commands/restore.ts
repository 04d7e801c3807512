/** `box restore`: what the owner of a box brings that waits for the backup it begins with. */
import { restoreStep } from '../init/steps/restore.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { readSettings } from '../machine/settings-file.ts';
import { alone } from '../storage/backup/alone.ts';
import { bringKey, bringLogin } from '../storage/backup/first-restore.ts';
import type { Command } from './command.ts';

/** A command by which the owner brings one thing, as standard input. */
const bringing = (
  name: string,
  summary: string,
  bring: (machine: Machine, given: string) => Promise<void>,
  done: string,
): Command => ({
  name,
  operands: [],
  summary,
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
    // Not under a restore that goes well with what it has.
    await alone(machine, () => bring(machine, given));
    say(`${done}, and the box goes on; the console and /run/box/ready.json tell how far it is`);
    return 0;
  },
});

const key = bringing(
  'restore key',
  'bring a box that waits for its backup the key, as standard input: < secret_key.txt',
  bringKey,
  'the key is here',
);

const login = bringing(
  'restore login',
  'bring it what opens a bucket or a WebDAV folder, as standard input: a line with the user, one with the password',
  bringLogin,
  'the login is here',
);

export const restoreCommands: readonly Command[] = [key, login];
