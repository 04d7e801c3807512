/** Runs stages of tests, says what each suite took, and closes with one line that sums them up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { capacity } from './boxes.ts';
import { failuresIn } from './failures.ts';
import { type Outcome, runFiles, runProgram, type Show, type Weighed } from './runner.ts';
import { costliest, type Taken, table } from './times.ts';

/** A program that is the suite, or files that need a box, each by a program of its own, and root's. */
export type Suite = { readonly title: string } & (
  | { readonly argv: readonly string[]; readonly boxes?: never }
  | { readonly boxes: readonly Weighed[]; readonly argv?: never }
);

export const ava = 'node_modules/.bin/ava';
const bundled = (file: string) => file.replace(/^test\/(.*)\.ts$/, 'dist/tests/$1.js');

/** Runs stages, and says what became of them; `leftOut`: what was not begun, for people. Sets the exit status. */
export async function runStages(
  stages: readonly (readonly Suite[])[],
  leftOut: readonly string[] = [],
): Promise<void> {
  const show = (line: string) => void process.stdout.write(`${line}\n`);
  const { passed, failed, names, second, taken } = await inStages(stages, show);
  const lines = table(taken);
  const timesFile = 'test-artefacts/times.txt';
  mkdirSync(path.dirname(timesFile), { recursive: true });
  writeFileSync(timesFile, `${lines.join('\n')}\n`);
  if (leftOut.length > 0) show(['', ...leftOut].join('\n'));
  for (const line of ['', `What it took (kept as ${timesFile}):`, ...lines, '', costliest(taken)]) show(line);
  for (const what of second) show(`\nPassed at the second try only, to be looked into: ${what}`);
  for (const what of names) show(`\nFailed: ${what}`);
  show(`\n${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

/**
 * One stage after the other, none after one that failed; the suites of one stage at the same time. A suite that is a program, and
 * in which one or two tests failed, is run once more, alone, as `runFiles` does it with its files.
 */
export async function inStages(stages: readonly (readonly Suite[])[], show: Show): Promise<Sum> {
  const sum = { passed: 0, failed: 0, names: [] as string[], second: [] as string[], taken: [] as Taken[] };
  for (const suites of stages) {
    const tries = await Promise.all(
      suites.map(async (suite) => ({
        suite,
        ran: await runSuite(suite, suites.length === 1 ? '' : `${suite.title} │ `, show),
      })),
    );
    for (const { suite, ran } of tries) {
      sum.taken.push(...ran.taken);
      let last = ran;
      if (ran.isRace) {
        last = await runSuite({ ...suite, title: `${suite.title} at the second try` }, '', show);
        sum.taken.push(...last.taken);
        if (last.failed === 0) sum.second.push(...ran.names);
      }
      sum.passed += last.passed;
      sum.failed += last.failed;
      sum.names.push(...last.names);
      sum.second.push(...last.second);
    }
    if (sum.failed > 0) break;
  }
  return sum;
}

/** What became of tests. */
interface Sum extends Pick<Outcome, 'second' | 'taken'> {
  readonly passed: number;
  readonly failed: number;
  /** Of the tests that failed, with the reason; of the suite, where it has none. */
  readonly names: readonly string[];
}

interface Ran extends Sum {
  /** One or two of a program's tests failed: that may be a race. */
  readonly isRace: boolean;
}

/** Runs one suite and counts its tests; `prefix` tells its lines from those of another that runs beside it. */
async function runSuite(suite: Suite, prefix: string, showLine: Show): Promise<Ran> {
  const { title, argv, boxes } = suite;
  const started = Date.now();
  const show = (line: string) => showLine(`${prefix}${line}`);
  show(`# ${title}`);
  const ran =
    boxes === undefined
      ? await runProgram({ what: title, argv }, show)
      : await runFiles({ argvOf, before: asRoot() }, boxes, capacity, show);
  const { code, output, second, taken } = ran;
  const all = (pattern: RegExp) => [...output.matchAll(pattern)].map(([, first = '']) => first);
  const count = (pattern: RegExp) => all(pattern).reduce((sum, number) => sum + Number(number), 0);
  // A suite without a count of its own is one test: it passes or it doesn't.
  const failures = count(
    /^\s*(\d+) (?:tests? failed|known failures?|uncaught exceptions?|unhandled rejections?)/gm,
  );
  const isFine = code === 0;
  // ava counts those that passed where none failed.
  const passed = count(/^\s*(\d+) tests? passed/gm) || all(/^\s*(✔) /gm).length;
  const failed = isFine ? 0 : Math.max(failures, 1);
  const names = isFine ? [] : failuresIn(output);
  show(`# ${title}: ${isFine ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  return {
    passed: isFine ? Math.max(passed, 1) : passed,
    failed,
    names: isFine || names.length > 0 ? names : [title],
    isRace: boxes === undefined && failures > 0 && failures < 3,
    second,
    taken,
  };
}

/** An emulated machine is what the run waits for in the end: it gets the processor first, and the lab what is left. */
const argvOf = (file: string) => [
  ...(file.startsWith('test/boot/') ? ['nice', '-n', '-10'] : []),
  ...[ava, '--config', 'test/vm-bundle.config.js', bundled(file)],
];

/** Network namespaces, mounts and nspawn are root's; everything else runs as whoever called. */
function asRoot(): string[] {
  const kept = Object.entries(process.env).filter(([name]) => /^(?:PATH$|LETTERBOX_)/.test(name));
  const environment = kept.map(([name, value]) => `${name}=${value}`);
  return process.getuid?.() === 0 ? [] : ['sudo', '-n', 'env', ...environment];
}
