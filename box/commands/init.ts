/** `box init`: makes this box at its first boot, and converges it at every later one. */
import { announcement, lastLines, writeMotd } from '../init/announce.ts';
import { attempt, explain, refreshesOf, runSteps } from '../init/runner.ts';
import { steps } from '../init/steps/index.ts';
import { paths, writtenDirectories } from '../machine/paths.ts';
import {
  type Report,
  readReport,
  type StepRecord,
  secondsSince,
  startReport,
  writeReport,
} from '../machine/report.ts';
import { mayRun, refreshServices } from '../machine/services.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import type { Call, Command } from './command.ts';
import { ready } from './ready.ts';

export const initCommand: Command = {
  name: 'init',
  operands: [],
  summary: 'make this box at its first boot, converge it at every later one',
  options: { 'at-boot': { type: 'boolean', default: false } },
  optionHelp: { 'at-boot': 'as the init system runs it, again and again: the same failure is told once' },
  async run(call) {
    const before = await readReport(call.machine);
    const unlock = await call.machine.lock();
    let code: number;
    try {
      code = await init(
        call,
        before?.fenceOpen === true,
        call.options['at-boot'] === true ? before : undefined,
      );
    } finally {
      await unlock();
    }
    // By hand, on a box that serves already: it goes on serving, as what it has become. The init system runs `box ready` itself.
    const isByHand = call.options['at-boot'] !== true;
    return code === 0 && before?.fenceOpen === true && isByHand ? ready(call) : code;
  },
};

/** `told`: what was said at the try before. */
async function init({ machine, say, now }: Call, fenceOpen: boolean, told?: Report): Promise<number> {
  let report: Report = { ...(await startReport(machine, now())), fenceOpen };
  const conclude = async (more: Partial<Report>) => {
    report = {
      ...report,
      ...more,
      finishedAt: now().toISOString(),
      seconds: secondsSince(report.startedClock),
    };
    await writeReport(machine, report);
    await writeMotd(machine, report);
    if (told?.stage === 'failed' && report.stage === 'failed' && told.error === report.error) return;
    for (const line of lastLines(report)) say(line);
  };
  try {
    await writeReport(machine, report);
    const settings = await attempt('settings', () => readSettings(machine));
    report = { ...report, hostname: settings.hostname };
    if (!fenceOpen && told?.stage !== 'failed') for (const line of announcement(report)) say(line);
    await attempt('old temporary files', () => machine.sweep(writtenDirectories));
    const records: StepRecord[] = [];
    for await (const record of runSteps(steps, { machine, settings, now })) {
      records.push(record);
      report = { ...report, steps: records };
      if (record.result === 'ran') say(`box init: ${record.title}: made in ${record.seconds.toFixed(1)} s`);
      if (record.result === 'failed')
        say(`box init: ${record.title}: NOT DONE: ${record.error} (${record.hint})`);
    }
    const refreshes = refreshesOf(steps, records);
    await attempt('services', async () => {
      const image = await readImage(machine);
      await refreshServices(machine, image, await mayRun(machine, image, refreshes));
    });
    await machine.put({ path: paths.initialised, mode: 0o644, text: '' });
    await conclude({ stage: 'initialised', initialised: true });
    return 0;
  } catch (error) {
    await conclude({ stage: 'failed', ...explain(error) });
    return 1;
  }
}
