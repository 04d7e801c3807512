/** The two programs at a pipe whose reader has gone, and at a full disk. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import test from 'ava';

// As `make dist` made them: the bundles that run on the box and on the builder's machine.
const box = path.resolve('dist/box.cjs');
const letterbox = path.resolve('bin/letterbox.js');

/** `/bin/sh -c SCRIPT`, where `$0` is node and `$1` the program. */
async function shell(script: string, program: string) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile('/bin/sh', ['-c', script, process.execPath, program], (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

// A release's own Node.js, which runs these tests too, may be older than the builder wants.
const isBuilders = Number.parseInt(process.versions.node, 10) >= 20;
const runs = [
  { name: 'box', program: box, words: '--help' },
  { name: 'letterbox', program: letterbox, words: 'plan --json example.yaml' },
  { name: 'letterbox', program: letterbox, words: '--help' },
  { name: 'letterbox', program: letterbox, words: 'plan example.yaml' },
].filter(({ name }) => name === 'box' || isBuilders);

for (const { name, program, words } of runs) {
  test(`${name} ${words} ends quietly when nobody reads it any more`, async (t) => {
    for (const reader of ['head -n 1', 'true', 'sleep 0.2']) {
      const run = `{ "$0" "$1" ${words}; echo "ended $?" >&2; } | ${reader}`;
      const { stderr } = await shell(run, program);
      t.is(stderr, 'ended 0\n', reader);
    }
  });

  // commander ends the program itself before the system has said so.
  if (words === '--help' && name === 'letterbox') continue;
  test(`${name} ${words} says in one line that the disk is full`, async (t) => {
    const { code, stderr } = await shell(`exec "$0" "$1" ${words} >/dev/full`, program);
    t.is(code, 1);
    t.regex(stderr, new RegExp(`^${name}: standard output could not be written: ENOSPC[^\\n]*\\n$`));
  });
}

test('nobody need read what went wrong either: the exit code tells it', async (t) => {
  for (const program of new Set(runs.map((run) => run.program)))
    for (const end of ['2>&-', '>&- 2>&-', '2>/dev/full', '2>&1 | true']) {
      const run = `exec 3>&1; { "$0" "$1" nonsense; echo "ended $?" >&3; } ${end}`;
      const { stdout } = await shell(run, program);
      t.regex(stdout, /^ended [12]\n$/, end);
    }
});
