/** Runs programs for the tests: to their end, or as children that die with the test file. */

import { type ChildProcess, spawn } from 'node:child_process';
import { openSync } from 'node:fs';
import { patience } from './wait.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  readonly seconds?: number;
}

/** Runs a program to its end, whatever its exit code; after `seconds` it is killed and the code is null. */
export async function outcome(argv: readonly string[], options: ProgramOptions = {}): Promise<Outcome> {
  const [file = '', ...args] = argv;
  const child = spawn(file, args, { env: { ...process.env, LC_ALL: 'C', ...options.env } });
  const timer = setTimeout(() => child.kill('SIGKILL'), (options.seconds ?? patience) * 1000);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A program that ends before it has read all its input is no error of its own.
  child.stdin.on('error', () => {});
  child.stdin.end(options.input ?? '');
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs a program that must exit 0 and gives its standard output. */
export async function output(argv: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await outcome(argv, options);
  if (code === 0) return stdout;
  const end = code === null ? `was killed after ${options.seconds ?? patience} s` : `exited ${code}`;
  throw new Error(`${argv.join(' ')} ${end}:\n${stderr.trim()}\n${stdout.trim()}`);
}

/**
 * Starts a program that goes on. The kernel kills it when the thread that started it ends, even if that
 * was killed itself (prctl(2), PR_SET_PDEATHSIG), so nothing outlives a test run.
 */
export function start(argv: readonly string[], log: string): ChildProcess {
  const descriptor = openSync(log, 'a', 0o600);
  return spawn('setpriv', ['--pdeathsig', 'KILL', ...argv], { stdio: ['ignore', descriptor, descriptor] });
}

/** Waits for the end of a child that was started. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  await new Promise((resolve) => child.once('close', resolve));
}
