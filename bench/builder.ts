/** `npm run bench builder`: how long the builder takes. Each figure is a median; the reference is measured in turn with it. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { median } from './median.ts';

const rounds = 9;
const out = mkdtempSync(path.join(tmpdir(), 'letterbox-bench-'));

/** Milliseconds of one whole process. */
function once(argv: readonly string[]): number {
  const [file = '', ...args] = argv;
  const started = performance.now();
  const { status, stderr } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`${argv.join(' ')}: ${stderr}`);
  return performance.now() - started;
}

/** Both commands in turn, A B A B..., after one warm-up each. */
function compare(
  title: string,
  command: readonly string[],
  reference: readonly string[],
  referenceTitle: string,
): void {
  once(command);
  once(reference);
  const pairs = Array.from({ length: rounds }, () => [once(command), once(reference)] as const);
  const ratio = median(pairs.map(([a, b]) => a / b));
  console.log(
    `${title}: ${ratio.toFixed(2)} x ${referenceTitle} (median of ${rounds}; ${median(pairs.map(([a]) => a)).toFixed(0)} ms)`,
  );
}

export function benchBuilder(): void {
  try {
    const letterbox = ['node', 'bin/letterbox.js', '--out', out];
    const empty = ['node', '-e', '0'];
    compare('letterbox --version', [...letterbox, '--version'], empty, 'an empty Node process');
    compare('letterbox check', [...letterbox, 'check', 'example.yaml'], empty, 'an empty Node process');
    compare('letterbox build', [...letterbox, 'build', 'example.yaml'], empty, 'an empty Node process');
    const image = 'out/example/example.qcow2';
    if (existsSync(image)) {
      compare(
        'second bake, nothing changed',
        ['node', 'bin/letterbox.js', 'bake', 'example.yaml'],
        [...letterbox, 'build', 'example.yaml'],
        'letterbox build',
      );
      const { size } = statSync(image);
      console.log(
        `image: ${(size / statSync('dist/box.cjs').size).toFixed(0)} x the box program (${(size / 1024 ** 2).toFixed(0)} MiB)`,
      );
    } else console.log(`image: not measured, there is no ${image} (./letterbox bake example.yaml)`);
  } finally {
    rmSync(out, { recursive: true });
  }
}
