// `make test`: runs every suite (but for one file, see `pour`), says what each took, and closes with one line that sums them up.
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runFiles, runProgram, type Weighed } from './runner.ts';
import { type Taken, table } from './times.ts';

// Network namespaces, mounts and nspawn are root's; everything else runs as whoever called.
const kept = Object.entries(process.env).filter(([name]) => /^(?:PATH$|LETTERBOX_)/.test(name));
const environment = kept.map(([name, value]) => `${name}=${value}`);
const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n', 'env', ...environment];

const vm = ['npx', 'ava', '--config', 'test/vm.config.js'];
/** What takes longest begins first: else the last of it runs alone, with nothing beside it. */
const longest = [
  'tls',
  'webmail-contacts',
  'webmail-calendar',
  'webmail',
  'rollover',
  'backup',
  'restarts',
  'panel',
  'panel-pages',
  'groupware',
  'mail',
  'brute-force',
  'status',
  'dns-secondaries',
  'day',
  'power-cut',
  'first-boot',
  'packer',
  'pour',
  'closed',
];
const testsIn = (folder: string) => {
  const names = readdirSync(folder).flatMap((file) => /^(.*)\.test\.ts$/.exec(file)?.[1] ?? []);
  const first = longest.filter((name) => names.includes(name));
  const others = names.filter((name) => !first.includes(name)).sort();
  return [...first, ...others].map((name) => `${folder}/${name}.test.ts`);
};
/** Twenty minutes of an emulated machine, which the CI's ninety do not hold: it is run where one asks for it. */
const pour = 'test/boot/pour.test.ts';
const isAskedFor = process.env.LETTERBOX_POUR !== undefined;

interface Suite {
  readonly title: string;
  readonly argv: readonly string[];
  /** Files that need a box, each by a program of its own, and root's. */
  readonly boxes?: readonly Weighed[];
}

// A box of the lab runs natively and its tests mostly wait for it: four at once. An emulated machine takes a core: two, and there are
// as many slots for them as cores (test/rig/slots.ts). While the last two files of the lab run, the first machine starts.
const capacity = 8;
const weighing = (weight: number, files: readonly string[]) => files.map((file) => ({ file, weight }));

/** One stage after the other; the suites of one stage at the same time. */
const stages: Suite[][] = [
  [{ title: 'types', argv: ['npm', 'run', '--silent', 'types'] }],
  [{ title: 'lint', argv: ['npm', 'run', '--silent', 'lint'] }],
  [
    { title: 'unit, golden, bad configs, thorough', argv: ['npx', 'ava'] },
    { title: 'bake', argv: ['node', 'bin/letterbox.js', 'bake', 'example.yaml'] },
  ],
  [
    {
      title: 'lab and boot',
      argv: vm,
      boxes: [
        ...weighing(2, testsIn('test/lab')),
        ...weighing(
          3,
          testsIn('test/boot').filter((file) => file !== pour || isAskedFor),
        ),
      ],
    },
  ],
];

let passed = 0;
let failed = 0;
const again: string[] = [];
const times: Taken[] = [];
for (const suites of stages) {
  await Promise.all(suites.map((suite) => runSuite(suite, suites.length === 1 ? '' : `${suite.title} │ `)));
  if (failed > 0) break;
}
const lines = table(times);
const timesFile = 'test-artefacts/times.txt';
mkdirSync(path.dirname(timesFile), { recursive: true });
writeFileSync(timesFile, `${lines.join('\n')}\n`);
process.stdout.write(`\nWhat it took (kept as ${timesFile}):\n${lines.join('\n')}\n`);
if (!isAskedFor) process.stdout.write(`\nNot run: ${pour} (LETTERBOX_POUR=120 make test)`);
for (const file of again) process.stdout.write(`\nPassed at the second try only, to be looked into: ${file}`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one suite and counts its tests; `prefix` tells its lines from those of another that runs beside it. */
async function runSuite({ title, argv, boxes }: Suite, prefix: string): Promise<void> {
  const started = Date.now();
  const show = (line: string) => process.stdout.write(`${prefix}${line}\n`);
  show(`# ${title}`);
  const ran =
    boxes === undefined
      ? runProgram({ what: title, argv }, show)
      : runFiles({ argv, before: asRoot }, boxes, capacity, show);
  const { code, output, second, taken } = await ran;
  times.push(...taken);
  const count = (pattern: RegExp) =>
    [...output.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0);
  // A suite without a count of its own is one test: it passes or it doesn't.
  const tests = count(/^\s*(\d+) tests? passed/gm);
  const failures = count(
    /^\s*(\d+) (?:tests? failed|known failures?|uncaught exceptions?|unhandled rejections?)/gm,
  );
  passed += code === 0 ? Math.max(tests, 1) : tests;
  failed += code === 0 ? 0 : Math.max(failures, 1);
  again.push(...second);
  show(`# ${title}: ${code === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s`);
}
