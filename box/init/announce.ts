/** Tells people and programs how the boot went: the console, and the message of the day. */
import type { BoxReport } from '../../contract/report.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { type Report, undone } from '../machine/report.ts';

/** The lines for people. The fingerprints are how the owner verifies the first log-in. */
export function announcement(report: Report): string[] {
  const name = report.hostname ?? 'this box';
  switch (report.stage) {
    case 'init':
      return [
        `Letterbox: ${name} is being set up; mail and web ports are closed.`,
        ...(report.doing === undefined ? [] : [`  ${report.doing}`]),
      ];
    case 'initialised':
      return [`Letterbox: ${name} is set up; its services are starting.`];
    case 'ready':
      return [
        `Letterbox: ${name} is ready.`,
        `  TLS certificate, SHA-256: ${report.certificateSha256}`,
        ...(report.sshHostKeys ?? []).map((key) => `  ssh host key: ${key}`),
        ...undone(report).flatMap(({ title, error, hint }) => [
          `  NOT DONE: ${title}: ${error}`,
          `    What to do: ${hint}`,
        ]),
        ...mailOutLines(report),
      ];
    case 'failed':
      return [
        `Letterbox: ${name} ${report.fenceOpen ? 'is not up to date' : 'stays CLOSED'}: ${report.step}: ${report.error}`,
        `  What to do: ${report.hint}`,
        // Whoever is to bring something must know whom it is brought to.
        ...(report.sshHostKeys ?? []).map((key) => `  ssh host key: ${key}`),
      ];
  }
}

/** Said again by themselves, since a look at the network may take longer than to become ready. */
export function mailOutLines({ mailOut }: Report): string[] {
  if (mailOut === undefined) return [];
  return [`  NO MAIL LEAVES: ${mailOut.error}`, `    What to do: ${mailOut.hint}`];
}

/** The one line for programs that watch the serial console. */
function consoleLine(stage: BoxReport['stage'], report: Report): string {
  const { hostname, bootId, seconds, certificateSha256, sshHostKeys, step, error, hint } = report;
  const failed = undone(report).map((it) => ({ step: it.title, error: it.error, hint: it.hint }));
  const notDone = failed.length === 0 ? undefined : failed;
  const line: BoxReport = {
    stage,
    hostname,
    bootId,
    seconds,
    certificateSha256,
    sshHostKeys,
    step,
    error,
    hint,
    notDone,
  };
  return `letterbox: ${JSON.stringify(line)}`;
}

/** What `box init` and `box ready` print at their end. The init system shows their output on the console. */
export function lastLines(report: Report): string[] {
  const { stage } = report;
  const final = stage === 'ready' || stage === 'failed';
  return [...announcement(report), ...(final ? [consoleLine(stage, report)] : [])];
}

/**
 * /etc/motd leads into /run: what it said at the last boot is gone by itself at the next. Whoever can't log in, since no key came
 * either, sees it before.
 */
export async function writeMotd(machine: Machine, report: Report): Promise<void> {
  const told = announcement(report);
  const lines = [...told, '  How it is now: box status'];
  await machine.put({ path: paths.volatileMotd, mode: 0o644, text: `\n${lines.join('\n')}\n\n` });
  if (report.stage === 'failed' && report.step === 'settings' && !report.fenceOpen)
    await machine.put({ path: paths.sshBanner, mode: 0o644, text: `${told.join('\n')}\n` });
  else await machine.remove(paths.sshBanner);
  if ((await machine.linkTarget(paths.motd)) === paths.volatileMotd) return;
  await machine.link(paths.motd, paths.volatileMotd);
}
