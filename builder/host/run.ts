/** Runs programs: the only file of the builder that starts one. Argument vectors only, never a shell. */
import { createWriteStream } from 'node:fs';
import { notInstalled } from './installed.ts';

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Fed to standard input; secrets go here, never into the argument vector. */
  readonly input?: string;
  /** A file that is fed to standard input. */
  readonly inputFile?: string;
  /** Appends standard output and standard error to this file as they come. */
  readonly log?: string;
  /** Called with every line of output as it comes. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Called when the program has exited, which is before its output ends if it left a child that holds on to it. */
  readonly onExit?: () => void;
}

/** A program that did not exit 0 (or could not be started): what, how, and its last lines. */
export class RunError extends Error {
  override readonly name = 'RunError';
  constructor(
    readonly argv: readonly string[],
    readonly exitCode: number | undefined,
    readonly tail: string,
  ) {
    super(
      `${argv[0]} ${exitCode === undefined ? 'could not be started' : `exited ${exitCode}`}${tail === '' ? '' : `:\n${tail}`}`,
    );
  }
}

/** It is a good part of what a short command loads, and few of those run a program. */
const loadExeca = () => import('execa');

/** Runs one program to its end and gives its standard output. @throws RunError when it doesn't exit 0. */
export async function run(argv: readonly [string, ...string[]], options: RunOptions = {}): Promise<string> {
  const [file, ...args] = argv;
  const { execa } = await loadExeca();
  const child = execa(file, args, {
    reject: false,
    all: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
    ...stdinOf(options),
    ...(options.signal === undefined ? {} : { cancelSignal: options.signal }),
  });
  if (options.onExit !== undefined) child.once('exit', options.onExit);
  const log =
    options.log === undefined ? undefined : createWriteStream(options.log, { flags: 'a', mode: 0o600 });
  if (log !== undefined) child.all.pipe(log);
  if (options.onLine !== undefined)
    for await (const line of child.iterable({ from: 'all' })) options.onLine(line);
  const result = await child;
  // Whoever reads the log next finds all of it there.
  if (log !== undefined) await new Promise<void>((written) => log.end(() => written()));
  if (result.exitCode === 0) return result.stdout;
  if (result.exitCode === undefined && !file.includes('/') && notInstalled([file]).length > 0)
    throw new RunError(argv, undefined, notThere);
  throw new RunError(argv, result.exitCode, tailOf(result.all ?? result.shortMessage ?? ''));
}

/** Runs one that says little and ends at once, with Node's own means: execa is a good part of what `build` would load. @throws RunError */
export async function runShort(
  [file, ...args]: readonly [string, ...string[]],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { execFile } = await import('node:child_process');
  const argv = [file, ...args];
  await new Promise<void>((done, failed) => {
    const options = { env: { ...process.env, ...env } };
    execFile(file, args, options, (error, out, err) => {
      if (error === null) done();
      else if (typeof error.code === 'number') failed(new RunError(argv, error.code, tailOf(out + err)));
      else if (error.code === 'ENOENT') failed(new RunError(argv, undefined, notThere));
      else failed(new RunError(argv, undefined, tailOf(out + err) || error.message));
    });
  });
}

const tailOf = (text: string) => text.trimEnd().split('\n').slice(-12).join('\n');

const notThere = '  it is not installed: `letterbox doctor` says what this machine lacks, and how to get it';

function stdinOf({ input, inputFile }: RunOptions) {
  if (inputFile !== undefined) return { inputFile };
  return input === undefined ? { stdin: 'ignore' as const } : { input };
}

/**
 * Runs one program and has its standard output read as it comes, so that it may be longer than memory. `read` reads all of it.
 * @throws RunError when it doesn't exit 0
 */
export async function readOutput<T>(
  argv: readonly [string, ...string[]],
  read: (output: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T> {
  const [file, ...args] = argv;
  const { execa } = await loadExeca();
  const child = execa(file, args, {
    reject: false,
    stdin: 'ignore',
    encoding: 'buffer',
    buffer: { stdout: false },
  });
  // Its own iteration: of the plain stream, what comes after the program's end would be lost.
  const value = await read(child.iterable({ from: 'stdout', binary: true }));
  const { exitCode, stderr } = await child;
  if (exitCode === 0) return value;
  throw new RunError(argv, exitCode, Buffer.from(stderr).toString().trimEnd());
}
