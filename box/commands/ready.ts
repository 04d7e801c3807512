/** `box ready`: when every service answers, opens the fence and says so. */
import { lastLines, writeMotd } from '../init/announce.ts';
import { attempt, explain } from '../init/runner.ts';
import { waitForServices } from '../init/wait.ts';
import { readCertificate } from '../keys/tls/certificate.ts';
import { sshHostKeys } from '../keys/tls/fingerprints.ts';
import { Failure } from '../machine/failure.ts';
import { type Report, readReport, secondsSince, writeReport } from '../machine/report.ts';
import { command } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
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
  const before = await readReport(machine);
  if (before?.initialised !== true) {
    throw new Failure('box init has not succeeded at this boot', 'run: box init');
  }
  const { step: _step, error: _error, hint: _hint, ...begun } = before;
  let report: Report = begun;
  let code = 0;
  try {
    const image = await attempt('image', () => readImage(machine));
    await attempt('services', () => waitForServices(machine, image, seconds, say));
    const certificate = await attempt('TLS certificate', () => readCertificate(machine));
    const sshKeys = await sshHostKeys(machine);
    await attempt('fence', () => machine.run(command(image, 'openFence')));
    report = { ...report, stage: 'ready', fenceOpen: true, sshHostKeys: sshKeys };
    if (certificate !== undefined) report = { ...report, certificateSha256: certificate.fingerprint256 };
  } catch (error) {
    report = { ...report, stage: 'failed', ...explain(error) };
    code = 1;
  }
  report = { ...report, finishedAt: now().toISOString(), seconds: secondsSince(report.startedClock) };
  await writeReport(machine, report);
  await writeMotd(machine, report);
  for (const line of lastLines(report)) say(line);
  return code;
}
