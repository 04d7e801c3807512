// `make test`: runs every suite, says how long each took, and closes with one line that sums them up.
import { spawn } from 'node:child_process';

// Network namespaces, mounts and nspawn are root's; everything else runs as whoever called.
const asRoot = process.getuid() === 0 ? [] : ['sudo', '-n', 'env', `PATH=${process.env.PATH}`];

const vm = [...asRoot, 'npx', 'ava', '--config', 'test/vm.config.js'];

const suites = [
  { title: 'types', argv: ['npm', 'run', '--silent', 'types'] },
  { title: 'lint', argv: ['npm', 'run', '--silent', 'lint'] },
  { title: 'unit, golden, bad configs, thorough', argv: ['npx', 'ava'] },
  { title: 'bake', argv: ['node', 'bin/letterbox.js', 'bake', 'example.yaml'] },
  // A box of the lab runs natively and its tests mostly wait for it: several at once.
  { title: 'lab', argv: [...vm, '--concurrency', '3', 'test/lab/*.test.ts'] },
  // An emulated machine takes a core. This file compares two, and has both slots; elsewhere a test has one at a time.
  { title: 'boot: first boot', argv: [...vm, 'test/boot/first-boot.test.ts'] },
  {
    title: 'boot',
    argv: [...vm, '--concurrency', '2', 'test/boot/!(first-boot).test.ts'],
  },
];

let passed = 0;
let failed = 0;
for (const { title, argv } of suites) {
  const started = Date.now();
  process.stdout.write(`\n# ${title}\n`);
  const { code, output } = await runSuite(argv);
  const count = (pattern) =>
    [...output.matchAll(pattern)].reduce((sum, [, number]) => sum + Number(number), 0);
  // A suite without a count of its own is one test: it passes or it doesn't.
  const tests = count(/^\s*(\d+) tests? passed/gm);
  const failures = count(
    /^\s*(\d+) (?:tests? failed|known failures?|uncaught exceptions?|unhandled rejections?)/gm,
  );
  passed += code === 0 ? Math.max(tests, 1) : tests;
  failed += code === 0 ? 0 : Math.max(failures, 1);
  process.stdout.write(
    `# ${title}: ${code === 0 ? 'ok' : 'FAILED'} in ${Math.round((Date.now() - started) / 1000)} s\n`,
  );
  if (code !== 0) break;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

/** Runs one suite with its output shown as it comes. */
function runSuite([file, ...args]) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        output += chunk;
        process.stdout.write(chunk);
      });
    }
    child.on('error', (error) => resolve({ code: 1, output: String(error) }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}
