/** `box init`: makes this box at its first boot, and converges it at every later one. */
import { announcement, lastLines, writeMotd } from '../init/announce.ts';
import { untilNextTry } from '../init/next-try.ts';
import { attempt, explain, refreshesOf, runSteps } from '../init/runner.ts';
import { steps } from '../init/steps/index.ts';
import { restoreStep } from '../init/steps/restore.ts';
import { sshHostKeys } from '../keys/tls/fingerprints.ts';
import { exclusively } from '../machine/exclusively.ts';
import { paths } from '../machine/paths.ts';
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
import { writtenDirectories } from '../machine/written-directories.ts';
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
    const isByHand = call.options['at-boot'] !== true;
    const fenceOpen = before?.fenceOpen === true;
    const once = (told?: Report) => exclusively(call.machine, () => init(call, fenceOpen, told));
    let code = await once(isByHand ? undefined : before);
    // The init system would try again as often, and hours of a restore are no fault: it waits here, and keeps nobody else out.
    for (let tries = 1; code !== 0 && !isByHand; tries++) {
      const told = await readReport(call.machine);
      if (told?.step !== restoreStep.title) break;
      if (await untilNextTry(call.machine, tries)) tries = 0;
      code = await once(told);
    }
    // By hand, on a box that serves already: it goes on serving, as what it has become. The init system runs `box ready` itself.
    return code === 0 && fenceOpen && isByHand ? ready(call) : code;
  },
};

/** `told`: what was said at the try before. */
async function init({ machine, say, now }: Call, fenceOpen: boolean, told?: Report): Promise<number> {
  let report: Report = { ...(await startReport(machine, now())), fenceOpen };
  let hasTold = false;
  const conclude = async (more: Partial<Report>) => {
    report = {
      ...report,
      ...more,
      doing: undefined,
      finishedAt: now().toISOString(),
      seconds: secondsSince(report.startedClock),
    };
    await writeReport(machine, report);
    await writeMotd(machine, report);
    const isTold = told?.stage === 'failed' && told.error === report.error && !hasTold;
    if (isTold && report.stage === 'failed') return;
    for (const line of lastLines(report)) say(line);
  };
  try {
    await writeReport(machine, report);
    const settings = await attempt('settings', () => readSettings(machine));
    report = { ...report, hostname: settings.hostname };
    if (!fenceOpen && told?.stage === 'failed') await writeMotd(machine, report);
    if (!fenceOpen && told?.stage !== 'failed') for (const line of announcement(report)) say(line);
    await attempt('old temporary files', () => machine.sweep(writtenDirectories));
    const records: StepRecord[] = [];
    const tell = async (doing: string) => {
      report = { ...report, doing };
      hasTold = true;
      await writeReport(machine, report);
      await writeMotd(machine, report);
      say(`Letterbox: ${doing}`);
    };
    for await (const record of runSteps(steps, { machine, settings, now }, tell)) {
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
    const why = explain(error);
    const brings = why.step === restoreStep.title ? { sshHostKeys: await sshHostKeys(machine) } : {};
    await conclude({ stage: 'failed', ...why, ...brings });
    return 1;
  }
}
