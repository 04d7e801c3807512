/** `box watch`: mends what nothing else mends: a service that runs and does not answer, and a database that is damaged. */
import { lookAtAll } from '../health/look.ts';
import { tellChanges } from '../health/tell.ts';
import { watchServices } from '../health/watch/watch.ts';
import { databasesStep } from '../init/steps/databases.ts';
import { exclusively } from '../machine/exclusively.ts';
import { paths } from '../machine/paths.ts';
import { readReport } from '../machine/report.ts';
import { refreshServices } from '../machine/services.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import { healDatabases } from '../storage/databases.ts';
import type { Command } from './command.ts';

export const watchCommand: Command = {
  name: 'watch',
  operands: [],
  summary: 'start anew a service that hangs, take the last good copy of a damaged database',
  options: {},
  optionHelp: {},
  async run({ machine, now, say }) {
    // A box that is being made, or that is closed, is not mended but made.
    if ((await readReport(machine))?.fenceOpen !== true) return 0;
    const image = await readImage(machine);
    const settings = await readSettings(machine);
    const healed = (await databasesStep.done({ machine, settings, now }))
      ? []
      : await exclusively(machine, () => healDatabases(machine, paths.accounts));
    for (const path of healed) say(`${path} was damaged: the last good copy is in its place`);
    if (healed.length > 0) await refreshServices(machine, image, databasesStep.refresh ?? []);
    const restarted = await watchServices(machine, image, now, say);
    if (healed.length + restarted.length === 0) return 0;
    const subject = { machine, image, settings, now };
    if (await tellChanges(subject, await lookAtAll(subject))) say('the administrator was told by mail');
    return 0;
  },
};
