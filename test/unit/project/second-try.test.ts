/** What `make test` makes of a test that fails: one more try, alone, of which it speaks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runFiles } from '../../runner.ts';
import { inStages } from '../../stages.ts';

/** `steady` passes, `broken` fails, `race` fails the first time. */
async function run(t: ExecutionContext, ...files: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'second-try-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program =
    'echo "$1"; case $1 in broken) exit 1 ;; race) mkdir "$0/raced" 2>/dev/null && exit 1 ;; esac; exit 0';
  const weighed = files.map((file) => ({ file, weight: 1 }));
  return runFiles({ argvOf: (file) => ['sh', '-c', program, folder, file] }, weighed, 2, () => {});
}

test('a file that passes at the second try is named', async (t) => {
  const { code, second } = await run(t, 'steady', 'race', 'steady');
  t.is(code, 0);
  t.deepEqual(second, ['race']);
});

test('a file that fails twice has failed, whatever became of another', async (t) => {
  const { code, second, output } = await run(t, 'broken', 'race');
  t.is(code, 1);
  t.deepEqual(second, ['race']);
  t.is(output.match(/broken/g)?.length, 1, 'of each file the last try counts');
});

test('three that fail are no race: nothing is tried again', async (t) => {
  const { code, second } = await run(t, 'broken', 'race', 'broken');
  t.is(code, 1);
  t.deepEqual(second, []);
});

test('of many, up to a twelfth are tried again: a machine that stood still for a moment fails a few at once', async (t) => {
  const many = Array.from({ length: 33 }, () => 'steady');
  const { code, second } = await run(t, 'race', 'broken', 'broken', ...many);
  t.is(code, 1);
  t.deepEqual(second, ['race']);
  t.deepEqual((await run(t, 'race', 'broken', 'broken', 'broken', ...many)).second, []);
});

test('as many run at a time as the machine can bear: the first in their order that there is room for', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'weights-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  // The light ones wait for each other, and the last for them, which goes before the heavy one. That runs when all are done, and alone.
  const program = `cd "$0" && : >"$1.begun"
    case $1 in
      light) until [ -e lighter.begun ]; do sleep 0.1; done ;;
      lighter) until [ -e light.begun ]; do sleep 0.1; done ;;
      heavy) [ -e light.ended ] && [ -e lighter.ended ] && [ -e last.ended ] ;;
      last) [ ! -e heavy.begun ] ;;
    esac && : >"$1.ended"`;
  const files = ['light', 'lighter', 'heavy', 'last'].map((file) => ({
    file,
    weight: file === 'heavy' ? 3 : 1,
  }));
  const argvOf = (file: string) => ['timeout', '60', 'sh', '-c', program, folder, file];
  const { code, second, taken } = await runFiles({ argvOf }, files, 3, () => {});
  t.deepEqual([code, second], [0, []]);
  t.deepEqual(taken.map(({ what }) => what).sort(), ['heavy', 'last', 'light', 'lighter']);
});

/** A program that speaks as ava does: `failures` fail at the first try, and none at a second. */
async function runProgramWith(t: ExecutionContext, failures: number, later = 'exit 0') {
  const folder = mkdtempSync(path.join(tmpdir(), 'second-try-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program = `
    if mkdir "$0/raced" 2>/dev/null; then
      echo '  ✔ unit › it runs'
      for one in $1; do echo "  ✘ [fail]: unit › clock › test $one Rejected promise"; done
      printf '\\n  %s tests failed\\n' "$2"; exit 1
    fi
    echo '  3 tests passed'; ${later}`;
  const numbers = Array.from({ length: failures }, (_, index) => index + 1).join(' ');
  const suite = { title: 'unit', argv: ['sh', '-c', program, folder, numbers, String(failures)] };
  return inStages([[suite], [{ title: 'next', argv: ['true'] }]], () => {});
}

test('a test of a program that passes at the second try is named, and the next stage comes', async (t) => {
  const { passed, failed, names, second } = await runProgramWith(t, 1);
  t.deepEqual({ passed, failed, names }, { passed: 4, failed: 0, names: [] });
  t.deepEqual(second, ['unit › clock › test 1 Rejected promise']);
});

test('tests of a program that are no race are named at the end, and nothing comes after them', async (t) => {
  const { passed, failed, names, second } = await runProgramWith(t, 3);
  t.deepEqual([passed, failed, second], [1, 3, []]);
  t.deepEqual(
    names,
    [1, 2, 3].map((number) => `unit › clock › test ${number} Rejected promise`),
  );
});

test('a program that fails twice has failed, by its own name where it names no test', async (t) => {
  const { failed, names, second } = await runProgramWith(t, 1, 'exit 1');
  t.deepEqual([failed, names, second], [1, ['unit at the second try'], []]);
});
