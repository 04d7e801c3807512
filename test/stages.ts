/** Runs stages of tests, says what each suite took, and closes with one line that sums them up. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Outcome, runFiles, runProgram, type Weighed } from './runner.ts';
import { type Taken, table } from './times.ts';

export interface Suite {
  readonly title: string;
  /** A program that is the suite. */
  readonly argv?: readonly string[];
  /** Files that need a box, each by a program of its own, and root's. */
  readonly boxes?: readonly Weighed[];
}

export const ava = 'node_modules/.bin/ava';
const bundled = (file: string) => file.replace(/^test\/(.*)\.ts$/, 'dist/tests/$1.js');

// A box of the lab runs natively and its tests mostly wait for it: four at once. An emulated machine takes a core: two, and there are
// as many slots for them as cores (test/rig/slots.ts). While the last two files of the lab run, the first machine starts.
const capacity = 8;

/** One stage after the other; the suites of one stage at the same time. Sets the exit status. */
export async function runStages(stages: readonly (readonly Suite[])[]): Promise<void> {
  const sums = { passed: 0, failed: 0 };
  const again: string[] = [];
  const times: Taken[] = [];
  for (const suites of stages) {
    await Promise.all(
      suites.map(async (suite) => {
        const ran = await runSuite(suite, suites.length === 1 ? '' : `${suite.title} │ `, sums);
        times.push(...ran.taken);
        again.push(...ran.second);
      }),
    );
    if (sums.failed > 0) break;
  }
  const lines = table(times);
  const timesFile = 'test-artefacts/times.txt';
  mkdirSync(path.dirname(timesFile), { recursive: true });
  writeFileSync(timesFile, `${lines.join('\n')}\n`);
  process.stdout.write(`\nWhat it took (kept as ${timesFile}):\n${lines.join('\n')}\n`);
  for (const file of again)
    process.stdout.write(`\nPassed at the second try only, to be looked into: ${file}`);
  process.stdout.write(`\n${sums.passed} passed, ${sums.failed} failed\n`);
  process.exitCode = sums.failed === 0 ? 0 : 1;
}

/** Runs one suite and counts its tests; `prefix` tells its lines from those of another that runs beside it. */
async function runSuite(
  { title, argv = [], boxes }: Suite,
  prefix: string,
  sums: { passed: number; failed: number },
): Promise<Outcome> {
  const started = Date.now();
  const show = (line: string) => process.stdout.write(`${prefix}${line}\n`);
  show(`# ${title}`);
  const ran =
    boxes === undefined
      ? await runProgram({ what: title, argv }, show)
      : await runFiles({ argvOf, before: asRoot() }, boxes, capacity, show);
  const { code, output } = ran;
  const count = (pattern: RegExp) =>
    [...output.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0);
  // A suite without a count of its own is one test: it passes or it doesn't.
  const tests = count(/^\s*(\d+) tests? passed/gm);
  const failures = count(
    /^\s*(\d+) (?:tests? failed|known failures?|uncaught exceptions?|unhandled rejections?)/gm,
  );
  sums.passed += code === 0 ? Math.max(tests, 1) : tests;
  sums.failed += code === 0 ? 0 : Math.max(failures, 1);
  show(`# ${title}: ${code === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
  return ran;
}

const argvOf = (file: string) => [ava, '--config', 'test/vm-bundle.config.js', bundled(file)];

/** Network namespaces, mounts and nspawn are root's; everything else runs as whoever called. */
function asRoot(): string[] {
  const kept = Object.entries(process.env).filter(([name]) => /^(?:PATH$|LETTERBOX_)/.test(name));
  const environment = kept.map(([name, value]) => `${name}=${value}`);
  return process.getuid?.() === 0 ? [] : ['sudo', '-n', 'env', ...environment];
}
