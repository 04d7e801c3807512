/** The two programs at a pipe whose reader has gone, and at a full disk. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Where it finds the overlays from. */
const folder = path.join(root, 'dist');
const made: string[] = [];
test.after.always(() => made.forEach((file) => void rmSync(file, { force: true })));

async function bundled(entry: string): Promise<string> {
  const outfile = path.join(folder, `closed-output-${process.pid}-${path.dirname(entry)}.mjs`);
  made.push(outfile);
  const js = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";
  await build({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    logLevel: 'silent',
    banner: { js },
  });
  return outfile;
}
const box = bundled('box/main.ts');
const letterbox = bundled('builder/cli.ts');

/** `/bin/sh -c SCRIPT`, where `$0` is node and `$1` the program. */
async function shell(script: string, program: string) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile('/bin/sh', ['-c', script, process.execPath, program], { cwd: root }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

for (const [name, program, words] of [
  ['box', box, '--help'],
  ['letterbox', letterbox, 'plan --json example.yaml'],
  ['letterbox', letterbox, '--help'],
  ['letterbox', letterbox, 'plan example.yaml'],
] as const) {
  test(`${name} ${words} ends quietly when nobody reads it any more`, async (t) => {
    for (const reader of ['head -n 1', 'true', 'sleep 0.2']) {
      const run = `{ "$0" "$1" ${words}; echo "ended $?" >&2; } | ${reader}`;
      const { stderr } = await shell(run, await program);
      t.is(stderr, 'ended 0\n', reader);
    }
  });

  // commander ends the program itself before the system has said so.
  if (words === '--help' && name === 'letterbox') continue;
  test(`${name} ${words} says in one line that the disk is full`, async (t) => {
    const { code, stderr } = await shell(`exec "$0" "$1" ${words} >/dev/full`, await program);
    t.is(code, 1);
    t.regex(stderr, new RegExp(`^${name}: standard output could not be written: ENOSPC[^\\n]*\\n$`));
  });
}

test('nobody need read what went wrong either: the exit code tells it', async (t) => {
  for (const program of [box, letterbox])
    for (const end of ['2>&-', '>&- 2>&-', '2>/dev/full', '2>&1 | true']) {
      const run = `exec 3>&1; { "$0" "$1" nonsense; echo "ended $?" >&3; } ${end}`;
      const { stdout } = await shell(run, await program);
      t.regex(stdout, /^ended [12]\n$/, end);
    }
});
