/** `npm run bench`: figures are medians with the ratio to the bare part, kept in a file that the next run is compared with. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Figure, figure } from '../../../bench/figures.ts';
import { processorSeconds } from '../../../bench/processor.ts';
import { keep, readResults, tableOf } from '../../../bench/results.ts';

function file(t: ExecutionContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return path.join(folder, 'results.json');
}

const rowsOf = (table: string) => table.split('\n').slice(2);

test('a figure is the median, and its ratio the median of the pairs', (t) => {
  const bare = { to: 'the bare signer', values: [1, 10, 2] };
  t.deepEqual(figure('signed', 's', [2, 40, 6], bare), {
    what: 'signed',
    value: 6,
    unit: 's',
    of: 3,
    ratio: 3,
    to: 'the bare signer',
  });
});

test('what is kept of one bench leaves the others’ as they were', (t) => {
  const at = file(t);
  t.deepEqual(readResults(at), {});
  keep('builder', [figure('build', 'ms', [1])], at);
  keep('dns', [figure('signed', 's', [2])], at);
  keep('builder', [figure('build', 'ms', [3])], at);
  const { builder, dns } = readResults(at);
  t.deepEqual([builder?.figures[0]?.value, dns?.figures[0]?.value], [3, 2]);
  t.regex(builder?.machine ?? '', /^\d+ processors, load [\d.]+, Node\.js \d/);
});

test('the table compares ratios where there are, else the figures; what has another unit is not compared', (t) => {
  const at = file(t);
  const of = (build: number, bare: number): Figure[] => [
    figure('build', 'ms', [build], { to: 'nothing', values: [bare] }),
    figure('memory', 'MiB', [build]),
  ];
  keep('builder', [...of(300, 100), figure('speed', 'ms', [1])], at);
  // A machine that is half as fast: the ratio is what it was.
  const now = new Map([['builder', [...of(600, 200), figure('speed', 's', [1])]]]);
  t.deepEqual(rowsOf(tableOf(now, readResults(at))), [
    '| builder | build | 600 ms | 1 | 3.00 x nothing | 300 ms, 3.00 x | 1.00 |',
    '| builder | memory | 600 MiB | 1 |  | 300 MiB | 2.00 |',
    '| builder | speed | 1.00 s | 1 |  |  |  |',
  ]);
});

test('time of the processor counts the programs that were started, and not what they waited', (t) => {
  const before = processorSeconds();
  spawnSync('sleep', ['0.5']);
  const waited = processorSeconds() - before;
  t.true(waited < 0.4, `${waited} s`);
  const busy = 'const end = process.cpuUsage().user + 4e5; while (process.cpuUsage().user < end);';
  spawnSync(process.execPath, ['-e', busy]);
  const worked = processorSeconds() - before - waited;
  t.true(worked > 0.35 && worked < 3, `${worked} s`);
});

test('a bench that there is not is named, with those that there are', (t) => {
  const argv = ['--import', 'tsx', 'bench/run.ts', 'speed'];
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8' });
  t.is(status, 2);
  t.is(
    stderr,
    'bench: there is no speed; choose of builder, dns, records, panel, search, mail, filter, engines, releases\n',
  );
});
