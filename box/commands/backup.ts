/** `box backup`: copies of the storage root, and the way back. */
import { resolve } from 'node:path';
import { backupsAreMade } from '../health/checks/backups.ts';
import { paths } from '../machine/paths.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import { readBackupConfig } from '../storage/backup/config.ts';
import { findBackups } from '../storage/backup/listing.ts';
import { restore, verify } from '../storage/backup/restore.ts';
import { backUp } from '../storage/backup/run.ts';
import { stamp } from '../storage/backup/sets.ts';
import { readBackupState } from '../storage/backup/state.ts';
import { targetOf } from '../storage/backup/target.ts';
import { backupMailCommands } from './backup-mail.ts';
import type { Command } from './command.ts';
import { report } from './status.ts';

const run: Command = {
  name: 'backup run',
  operands: [],
  summary: 'make a backup now, as the nightly timer does',
  options: { full: { type: 'boolean' } },
  optionHelp: { full: 'all of it, and not only what changed' },
  async run(call) {
    const made = await backUp(call, call.options.full === true);
    call.say(
      made === 'off' ? 'backups are off' : `made: ${made === 'full' ? 'a full backup' : 'an increment'}`,
    );
    return 0;
  },
};

const status: Command = {
  name: 'backup status',
  operands: [],
  summary: 'where backups go, and how the last one went; exit code 1 if there is an error',
  options: {},
  optionHelp: {},
  async run(call) {
    const { machine, now, say } = call;
    const { target, minAgeInDays } = await readBackupConfig(machine);
    const { started } = await readBackupState(machine);
    say(`target: ${target}, kept for ${minAgeInDays} days at the least`);
    if (started !== undefined) say(`last begun: ${started}`);
    const subject = { machine, now, image: await readImage(machine), settings: await readSettings(machine) };
    return report(call, await backupsAreMade(subject));
  },
};

const list: Command = {
  name: 'backup list',
  operands: [],
  summary: 'list the backups at the target, the newest first',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {time, full, size, volumes}' },
  async run({ machine, options, say }) {
    const target = targetOf(await readBackupConfig(machine));
    const backups = target.kind === 'off' ? [] : (await findBackups(machine, target)).backups;
    const shown = backups.map((backup) => ({ ...backup, time: stamp(backup.time) }));
    if (options.json === true) say(JSON.stringify(shown, null, 2));
    else
      for (const { time, full, size } of shown)
        say(`${time} ${full ? 'full     ' : 'increment'} ${size} bytes`);
    return 0;
  },
};

const verifyCommand: Command = {
  name: 'backup verify',
  operands: [],
  summary: 'read the whole of the last backup, and compare it with what is there',
  options: {},
  optionHelp: {},
  async run(call) {
    call.say(await verify(call));
    return 0;
  },
};

const restoreCommand: Command = {
  name: 'backup restore',
  operands: ['DIR'],
  summary: `give a backup back into a new folder; ${paths.storage}: as this box’s state, from the next boot on`,
  options: { time: { type: 'string' } },
  optionHelp: { time: 'as it was then: 2026-11-26, 3D (days ago), or a time of: box backup list' },
  async run(call) {
    const [folder = ''] = call.operands;
    const { time } = call.options;
    const place = await restore(call, resolve(folder), typeof time === 'string' ? time : undefined);
    call.say(
      place === paths.restored
        ? `it lies ready and becomes this box’s state when you reboot; what is there now will lie in ${paths.replaced}`
        : `it lies in ${place}`,
    );
    return 0;
  },
};

export const backupCommands: readonly Command[] = [
  run,
  status,
  list,
  verifyCommand,
  restoreCommand,
  ...backupMailCommands,
];
