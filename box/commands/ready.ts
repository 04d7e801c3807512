/** `box ready`: when every service answers, opens the fence and says so. */
import type { Subject } from '../health/checks/check.ts';
import { noImageWasRefused } from '../health/checks/other-image.ts';
import { mailCanLeave } from '../health/checks/outbound.ts';
import { works } from '../health/purpose/works.ts';
import { tellAtOnce } from '../health/tell.ts';
import { lastLines, mailOutLines, writeMotd } from '../init/announce.ts';
import { attempt, explain } from '../init/runner.ts';
import { waitForServices } from '../init/wait.ts';
import { readCertificate } from '../keys/tls/certificate.ts';
import { sshHostKeys } from '../keys/tls/fingerprints.ts';
import { Failure } from '../machine/failure.ts';
import { paths } from '../machine/paths.ts';
import { type Report, readReport, secondsSince, writeReport } from '../machine/report.ts';
import { command, stopServices } from '../machine/services.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import { readRecord, thisImage } from '../storage/upgrade/record.ts';
import { giveUp, isOnTrial, refusal, succeed, type Why } from '../storage/upgrade/trial.ts';
import { type Call, type Command, UsageError } from './command.ts';

/** Seconds: enough for a crowded, emulated processor. Afterwards it says so, and the init system tries it again. */
const patience = 900;

export const readyCommand: Command = {
  name: 'ready',
  operands: [],
  summary: 'wait until every service answers, then open the mail and web ports',
  options: { timeout: { type: 'string', default: String(patience) } },
  optionHelp: { timeout: `seconds to wait for the services (${patience})` },
  async run(call) {
    const seconds = Number(call.options.timeout);
    if (!(seconds > 0)) throw new UsageError('--timeout takes a number of seconds');
    return ready(call, seconds);
  },
};

export async function ready({ machine, say, now }: Call, seconds = patience): Promise<number> {
  const before = await afterInit(machine, seconds);
  if (before?.initialised !== true) {
    throw new Failure('box init has not succeeded at this boot', 'run: box init');
  }
  const { step: _step, error: _error, hint: _hint, mailOut: _mailOut, ...begun } = before;
  let report: Report = begun;
  let code = 0;
  const onTrial = await isOnTrial(machine);
  let open: Subject | undefined;
  try {
    const image = await attempt('image', () => readImage(machine));
    await attempt('services', () => waitForServices(machine, image, seconds, say));
    const subject = { machine, image, settings: await readSettings(machine), now };
    if (onTrial) {
      say('Letterbox: another image ran on this state; looking whether mail, DNS and web work with this one');
      await attempt('first look', () => works(subject));
    }
    await attempt('state format', () => succeed(machine, now()));
    const certificate = await attempt('TLS certificate', () => readCertificate(machine));
    const sshKeys = await sshHostKeys(machine);
    await attempt('fence', () => machine.run(command(image, 'openFence')));
    // What Postfix tried while the filter behind it was still starting would wait for minutes, and new mail with it.
    await machine.outcome(['postqueue', '-f']);
    // One that can't be sent now is sent at night.
    await tellAtOnce(subject, await noImageWasRefused(subject)).catch(() => undefined);
    report = { ...report, stage: 'ready', fenceOpen: true, sshHostKeys: sshKeys };
    open = subject;
    if (certificate !== undefined) report = { ...report, certificateSha256: certificate.fingerprint256 };
  } catch (error) {
    report = { ...report, stage: 'failed', ...explain(error) };
    code = 1;
    if (onTrial && (await isOnTrial(machine)))
      report = { ...report, initialised: false, ...(await goBack({ machine, now }, explain(error))) };
  }
  report = { ...report, finishedAt: now().toISOString(), seconds: secondsSince(report.startedClock) };
  await writeReport(machine, report);
  await writeMotd(machine, report);
  for (const line of lastLines(report)) say(line);
  if (open !== undefined) await sayWhetherMailLeaves(open, say);
  return code;
}

/** Whoever launches a box must know before the first mail waits. Nobody waits for it: where port 25 is shut, it takes seconds. */
async function sayWhetherMailLeaves(subject: Subject, say: Call['say']): Promise<void> {
  const found = await mailCanLeave(subject).catch(() => []);
  const shut = found.find(({ state }) => state === 'error');
  // Another run of `box init` may have begun meanwhile, whose report it is then.
  const report = await readReport(subject.machine);
  if (shut === undefined || report?.stage !== 'ready') return;
  const told = { ...report, mailOut: { error: shut.text, hint: shut.remedy ?? '' } };
  await writeReport(subject.machine, told);
  await writeMotd(subject.machine, told);
  for (const line of mailOutLines(told)) say(line);
}

/** The report of `box init`. On a box that serves another run of it may be under way, which says so again when it is through. */
async function afterInit(machine: Call['machine'], seconds: number): Promise<Report | undefined> {
  for (const end = Date.now() + seconds * 1000; ; ) {
    const report = await readReport(machine);
    const isUnderWay = report?.stage === 'init' && (await machine.exists(paths.initialised));
    if (!isUnderWay || Date.now() > end) return report;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** No service runs on a state that is exchanged under it; none starts again at this boot. */
async function goBack({ machine, now }: Pick<Call, 'machine' | 'now'>, why: Why): Promise<Why> {
  await machine.remove(paths.initialised);
  await stopServices(machine, await readImage(machine));
  await giveUp(machine, now(), why);
  const { message, hint } = refusal(await thisImage(machine), why, await readRecord(machine));
  return { step: 'state format', error: message, hint };
}
