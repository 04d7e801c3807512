/**
 * `npm run bench builder`: what the builder takes, of the processor. The reference is an empty Node.js process, measured in turn with
 * it: a start is all that it has in common with each verb.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Figure, figure } from './figures.ts';
import { spent } from './processor.ts';

const rounds = 9;
/** In a row, for one measure: the kernel counts in hundredths of a second. */
const starts = 5;
const image = 'out/example/example.qcow2';

/** Milliseconds of the processor that one start takes. */
async function start([file = '', ...args]: readonly string[]): Promise<number> {
  const { processor } = await spent(() => {
    for (let i = 0; i < starts; i++) {
      const { status, stderr } = spawnSync(file, args, { stdio: ['ignore', 'ignore', 'pipe'] });
      if (status !== 0) throw new Error(`${file} ${args.join(' ')}: ${stderr}`);
    }
  });
  return (processor * 1000) / starts;
}

export async function benchBuilder(): Promise<readonly Figure[]> {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-bench-'));
  try {
    const letterbox = ['node', 'bin/letterbox.js', '--out', out];
    const empty = ['node', '-e', '0'];
    const build = [...letterbox, 'build', 'example.yaml'];
    const commands: Readonly<Record<string, readonly string[]>> = {
      bare: empty,
      'letterbox --version': [...letterbox, '--version'],
      'letterbox check': [...letterbox, 'check', 'example.yaml'],
      'letterbox build': build,
      ...(existsSync(image)
        ? { 'letterbox bake, nothing changed': ['node', 'bin/letterbox.js', 'bake', 'example.yaml'] }
        : {}),
    };
    for (const command of Object.values(commands)) await start(command);
    const took = new Map(Object.keys(commands).map((what) => [what, [] as number[]]));
    for (let round = 0; round < rounds; round++)
      for (const [what, command] of Object.entries(commands)) took.get(what)?.push(await start(command));
    const bare = { to: 'an empty Node.js process', values: took.get('bare') ?? [] };
    const all = [...took].map(([what, values]) =>
      what === 'bare' ? figure(bare.to, 'ms', values) : figure(what, 'ms', values, bare),
    );
    if (!existsSync(image)) return all;
    const { size } = statSync(image);
    const ratio = size / statSync('dist/box.cjs').size;
    return [
      ...all,
      { what: 'the image', value: size / 1024 ** 2, unit: 'MiB', ratio, to: 'the box program' },
    ];
  } finally {
    rmSync(out, { recursive: true });
  }
}
