/** Runs programs that test something, and shows their lines as they come. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { measured, type Program, type Taken } from './times.ts';

export interface Outcome {
  /** Exit status; 1 if it could not be started. */
  readonly code: number;
  readonly output: string;
  /** Test files that passed at the second try only. */
  readonly second: readonly string[];
  /** What each program took, also at a first try that failed. */
  readonly taken: readonly Taken[];
}

export type Show = (line: string) => void;
const shown: Show = (line) => process.stdout.write(`${line}\n`);

export function runProgram(program: Program, show = shown): Promise<Outcome> {
  const measure = measured(program);
  const [file = '', ...args] = measure.argv;
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const done = (code: number) => resolve({ code, output, second: [], taken: [measure.taken()] });
    for (const stream of [child.stdout, child.stderr]) {
      let line = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        output += chunk;
        const lines = (line + chunk).split('\n');
        line = lines.pop() ?? '';
        for (const whole of lines) show(whole);
      });
      stream.on('end', () => line === '' || show(line));
    }
    child.on('error', (error) => {
      output += error;
      done(1);
    });
    child.on('close', (code) => done(code ?? 1));
  });
}

/** A test file that needs a box, and its part of what the machine can bear at a time. */
export interface Weighed {
  readonly file: string;
  readonly weight: number;
  /** A box of another release than all the others'. */
  readonly on?: { readonly title: string; readonly environment: Readonly<Record<string, string>> };
}

/**
 * Runs test files, each by a program of its own, as many at a time as weigh `capacity` together: the first in their order that
 * there is room for. One that fails is tried once more, alone.
 * @returns the output of each file's last try
 */
export async function runFiles(
  { argvOf, before }: { argvOf: (file: string) => readonly string[] } & Pick<Program, 'before'>,
  files: readonly Weighed[],
  capacity: number,
  show = shown,
): Promise<Outcome> {
  const left = [...files];
  const outputs = new Map<Weighed, string>();
  const failed: Weighed[] = [];
  const taken: Taken[] = [];
  const run = async (one: Weighed, word = '') => {
    const started = Date.now();
    const name = path.basename(one.file, '.test.ts');
    const title = titleOf(one);
    const variables = Object.entries(one.on?.environment ?? {}).map(([key, value]) => `${key}=${value}`);
    const ran = await runProgram(
      {
        what: `${title}${word}`,
        argv: ['env', ...variables, ...argvOf(one.file)],
        ...(before === undefined ? {} : { before }),
      },
      (line) => show(`${name} │ ${line}`),
    );
    outputs.set(one, ran.output);
    taken.push(...ran.taken);
    const rest = left.length > 0 ? `, ${left.length} of ${files.length} files not begun` : '';
    const seconds = Math.round((Date.now() - started) / 1000);
    show(`## ${title}: ${ran.code === 0 ? 'ok' : 'FAILED'}${word} in ${seconds} s${rest}`);
    return ran.code === 0;
  };
  const running = new Map<Weighed, Promise<void>>();
  const load = () => [...running.keys()].reduce((sum, { weight }) => sum + weight, 0);
  while (left.length > 0 || running.size > 0) {
    const next = left.findIndex(({ weight }) => running.size === 0 || load() + weight <= capacity);
    const [begun] = next === -1 ? [] : left.splice(next, 1);
    if (begun === undefined) {
      await Promise.race(running.values());
      continue;
    }
    const end = run(begun).then((isFine) => {
      running.delete(begun);
      if (!isFine) failed.push(begun);
    });
    running.set(begun, end);
  }
  // A race of one test is no reason to throw an hour's run away, nor a moment at which the machine stood still and a few at once
  // waited in vain. More than that is a fault.
  const second: string[] = [];
  if (failed.length <= Math.max(2, files.length / 12))
    for (const one of failed) if (await run(one, ' at the second try')) second.push(titleOf(one));
  return {
    code: second.length === failed.length ? 0 : 1,
    output: [...outputs.values()].join('\n'),
    second,
    taken,
  };
}

const titleOf = ({ file, on }: Weighed) => (on === undefined ? file : `${file} on ${on.title}`);
