/** `box init`: makes this box at its first boot, and converges it at every later one. */
import { Failure } from '../failure.ts';
import { steps } from '../first-boot/steps.ts';
import { lastLines, writeMotd } from '../init/announce.ts';
import { type Report, type StepRecord, secondsSince, startReport, writeReport } from '../init/report.ts';
import { attempt, refreshesOf, runSteps, StepFailed } from '../init/runner.ts';
import { refreshServices } from '../init/services.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import { writtenDirectories } from '../paths.ts';
import type { Call, Command } from './command.ts';

export const initCommand: Command = {
  name: 'init',
  operands: [],
  summary: 'make this box at its first boot, converge it at every later one',
  options: {},
  optionHelp: {},
  async run(call) {
    const unlock = await call.machine.lock();
    try {
      return await init(call);
    } finally {
      await unlock();
    }
  },
};

async function init({ machine, say, now }: Call): Promise<number> {
  let report = await startReport(machine, now());
  const conclude = async (more: Partial<Report>) => {
    report = {
      ...report,
      ...more,
      finishedAt: now().toISOString(),
      seconds: secondsSince(report.startedClock),
    };
    await writeReport(machine, report);
    await writeMotd(machine, report);
    for (const line of lastLines(report)) say(line);
  };
  try {
    await writeReport(machine, report);
    const settings = await attempt('settings', () => readSettings(machine));
    report = { ...report, hostname: settings.hostname };
    await attempt('old temporary files', () => machine.sweep(writtenDirectories));
    const records: StepRecord[] = [];
    for await (const record of runSteps(steps, { machine, settings, now })) {
      records.push(record);
      report = { ...report, steps: records };
      if (record.result === 'ran') say(`box init: ${record.title}: made in ${record.seconds.toFixed(1)} s`);
    }
    const refreshes = refreshesOf(steps, records);
    await attempt('services', async () => refreshServices(machine, await readImage(machine), refreshes));
    await conclude({ stage: 'initialised', initialised: true });
    return 0;
  } catch (error) {
    await conclude({ stage: 'failed', ...explain(error) });
    return 1;
  }
}

/** What went wrong, in the report's words. */
export function explain(error: unknown): { step: string; error: string; hint: string } {
  const step = error instanceof StepFailed ? error.step : 'box';
  const cause = error instanceof StepFailed ? error.cause : error;
  if (cause instanceof Failure) return { step, error: cause.message, hint: cause.hint };
  const words = cause instanceof Error ? cause.message : String(cause);
  return { step, error: words, hint: 'this is a fault of the box program: please report it' };
}
