/** What `make test` makes of a test file that fails: one more try, alone, of which it speaks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { runFiles } from '../runner.ts';

/** `steady` passes, `broken` fails, `race` fails the first time. */
async function run(t: ExecutionContext, ...files: string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'second-try-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const program =
    'echo "$1"; case $1 in broken) exit 1 ;; race) mkdir "$0/raced" 2>/dev/null && exit 1 ;; esac; exit 0';
  const weighed = files.map((file) => ({ file, weight: 1 }));
  return runFiles({ argv: ['sh', '-c', program, folder] }, weighed, 2, () => {});
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

test('as many run at a time as the machine can bear, in their order', async (t) => {
  const lines: string[] = [];
  const files = ['light', 'lighter', 'heavy', 'last'].map((file) => ({
    file,
    weight: file === 'heavy' ? 3 : 1,
  }));
  const argv = ['sh', '-c', 'echo begins; sleep 0.3; echo ends', 'sh'];
  const { taken } = await runFiles({ argv }, files, 3, (line) => lines.push(line));
  const said = lines.filter((line) => line.includes('│')).map((line) => line.replace(' │', ''));
  t.deepEqual(said.slice(0, 2).sort(), ['light begins', 'lighter begins']);
  t.deepEqual(said.slice(2, 4).sort(), ['light ends', 'lighter ends']);
  t.deepEqual(said.slice(4), ['heavy begins', 'heavy ends', 'last begins', 'last ends']);
  t.deepEqual(taken.map(({ what }) => what).sort(), ['heavy', 'last', 'light', 'lighter']);
});
