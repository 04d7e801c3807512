/** Packer as a program: its version, its plug-ins, and what its lines mean. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../host/progress.ts';
import { RunError, run } from '../host/run.ts';
import { provisionSteps, stepsDone } from '../outputs/packer/provision-steps.ts';

/** Major and minor number of the Packer that is installed. @throws where there is none */
export async function packerVersion(): Promise<readonly [number, number]> {
  try {
    const said = await run(['packer', 'version'], { env: { CHECKPOINT_DISABLE: '1' } });
    const [, major = '0', minor = '0'] = /v(\d+)\.(\d+)/.exec(said) ?? [];
    return [Number(major), Number(minor)];
  } catch (error) {
    if (error instanceof RunError && error.exitCode === undefined)
      throw new Error('Packer is not installed: `apt install packer` has 1.6.6 on Debian 12');
    throw error;
  }
}

/** Whether it has its builders as plug-ins, which it fetches, and not within itself. */
export function hasPlugins([major, minor]: readonly [number, number]): boolean {
  return major > 1 || (major === 1 && minor >= 7);
}

/**
 * A folder of its own with the template that lies in `from`, and the plug-in that it needs where Packer has plug-ins: nothing else that
 * Packer would read along.
 */
export async function templateFolder(from: string, work: string): Promise<string> {
  const folder = path.resolve(work, 'template');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  copyFileSync(path.join(from, 'box.pkr.json'), path.join(folder, 'box.pkr.json'));
  if (hasPlugins(await packerVersion())) {
    copyFileSync(path.join(from, 'plugins.json'), path.join(folder, 'plugins.pkr.json'));
    await run(['packer', 'init', folder], { log: path.join(work, 'packer.log') });
  }
  return folder;
}

export interface PackerRun {
  readonly folder: string;
  readonly flags: readonly string[];
  readonly work: string;
  /** What becomes of the machine when a step fails. */
  readonly onError: 'abort' | 'cleanup';
  readonly report: Report;
  readonly onExit?: () => void;
}

/** Gives what it says of what it made. @throws RunError */
export async function runPacker({
  folder,
  flags,
  work,
  onError,
  report,
  onExit,
}: PackerRun): Promise<string[]> {
  const made: string[] = [];
  const say = follow(report);
  await run(['packer', 'build', '-color=false', `-on-error=${onError}`, ...flags, folder], {
    log: path.resolve(work, 'packer.log'),
    env: {
      CHECKPOINT_DISABLE: '1',
      PACKER_CACHE_DIR: path.resolve(work, 'packer-cache'),
      PACKER_NO_COLOR: '1',
    },
    onLine: (line) => {
      // An artifact may take more than one line, and nothing comes after the last.
      if (line.startsWith('--> ') || made.length > 0) made.push(plain(line));
      say(line);
    },
    ...(onExit === undefined ? {} : { onExit }),
  });
  return made.filter((line) => line !== '');
}

/** Packer's lines that say where it is, as a fraction of the bake. */
function follow(report: Report): (line: string) => void {
  let done = 0;
  return (line) => {
    const step = stepsDone(line);
    if (step !== undefined) done = 0.5 + (0.4 * step) / provisionSteps.length;
    else if (line.includes('Waiting for SSH')) done = 0.05;
    else if (line.includes('Connected to SSH')) done = 0.45;
    else if (line.includes('Gracefully halting')) done = 0.92;
    const text = plain(line);
    if (text !== '') report(text, done);
  };
}

/** What the step that failed said, or the last lines where none did. */
export function lastWords(work: string): string[] {
  const log = readFileSync(path.join(work, 'packer.log'), 'utf8').split('\n').map(plain);
  const from = log.map((line) => line.startsWith('letterbox: step ')).lastIndexOf(true);
  const to = log.findIndex((line, index) => index > from && line.startsWith('Script exited'));
  return (from === -1 || to === -1 ? log.slice(-20) : log.slice(from, to)).filter(
    (line) => line !== '' && !line.startsWith('aborted: '),
  );
}

/** A line without Packer's prefixes. */
function plain(line: string): string {
  return line
    .replace(/^==> |^--> |^ +/, '')
    .replace(/^[\w-]+\.box: /, '')
    .trimEnd();
}
