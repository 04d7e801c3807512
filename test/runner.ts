/** Runs programs that test something, and shows their lines as they come. */
import { spawn } from 'node:child_process';
import path from 'node:path';

export interface Outcome {
  /** Exit status; 1 if it could not be started. */
  readonly code: number;
  readonly output: string;
  /** Test files that passed at the second try only. */
  readonly second: readonly string[];
}

type Show = (line: string) => void;
const shown: Show = (line) => process.stdout.write(`${line}\n`);

export function runProgram([file = '', ...args]: readonly string[], show = shown): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const done = (code: number) => resolve({ code, output, second: [] });
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

/**
 * Runs test files that need a box, `atOnce` at a time, each by a program of its own (`argv` and the file). One that fails is tried
 * once more, alone.
 * @returns the output of each file's last try
 */
export async function runFiles(
  argv: readonly string[],
  files: readonly string[],
  atOnce: number,
  show = shown,
): Promise<Outcome> {
  const left = [...files];
  const outputs = new Map<string, string>();
  const failed: string[] = [];
  const run = async (file: string, word = '') => {
    const started = Date.now();
    const name = path.basename(file, '.test.ts');
    const { code, output } = await runProgram([...argv, file], (line) => show(`${name} │ ${line}`));
    outputs.set(file, output);
    const seconds = Math.round((Date.now() - started) / 1000);
    const rest = left.length > 0 ? `, ${left.length} of ${files.length} files not begun` : '';
    show(`## ${file}: ${code === 0 ? 'ok' : 'FAILED'}${word} in ${seconds} s${rest}`);
    return code === 0;
  };
  const worker = async () => {
    for (let file = left.shift(); file !== undefined; file = left.shift())
      if (!(await run(file))) failed.push(file);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  // A race of one test is no reason to throw an hour's run away. Three that fail are no race.
  const second: string[] = [];
  if (failed.length < 3)
    for (const file of failed) if (await run(file, ' at the second try')) second.push(file);
  return {
    code: second.length === failed.length ? 0 : 1,
    output: [...outputs.values()].join('\n'),
    second,
  };
}
