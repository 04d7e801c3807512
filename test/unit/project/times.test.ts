/** What `make test` says of the time: nothing that a test started is left out. */
import test from 'ava';
import { runProgram } from '../../runner.ts';
import { costliest, type Taken, table } from '../../times.ts';

const run = (what: string, script: string) => runProgram({ what, argv: ['sh', '-c', script] }, () => {});
/** So much work and not so many seconds: on a busy machine a second may hold little of a processor, and an orphan is waited for as long as a minute. */
const burn = "awk 'BEGIN { while (n < 30000000) n++ }'";

test('the processor is counted of a program that nobody waited for, too', async (t) => {
  const { code, taken } = await run('orphan', `${burn} & exit 0`);
  t.is(code, 0);
  const [{ processor = 0, seconds = 0, what = '' } = {}] = taken;
  t.is(what, 'orphan');
  t.true(processor > 0.1, `${processor} s of processor`);
  t.true(seconds >= processor);
});

test('starts of machines are counted by their kind, and the exit status is the program’s', async (t) => {
  const script = 'for kind in qemu nspawn nspawn; do echo "start $kind x" >>"$LETTERBOX_NOTES"; done; exit 7';
  const { code, taken } = await run('starts', script);
  t.is(code, 7);
  t.deepEqual(taken[0]?.machines, { qemu: 1, nspawn: 2 });
  t.is((await run('killed', 'kill -9 $$')).code, 137);
});

test('the table has what took longest first, and the sum last', (t) => {
  const one = (what: string, seconds: number): Taken => ({
    what,
    seconds,
    processor: 2 * seconds,
    machines: { qemu: 1, nspawn: 3 },
  });
  t.deepEqual(
    table([one('short', 4), one('long', 60.6)]).map((line) => line.trim().split(/ +/).slice(0, 5).join(' ')),
    ['seconds processor emulated in lab', '61 121 1 3 long', '4 8 1 3 short', '65 129 2 6 all'],
  );
});

test('one line has where most of the processor went, and not the file that only waits', (t) => {
  const one = (what: string, seconds: number, processor: number): Taken => ({
    ...{ what, seconds, processor },
    machines: { qemu: 0, nspawn: 1 },
  });
  const all = [
    one('test/lab/waits.test.ts', 500, 9.4),
    one('test/lab/works.test.ts', 90, 80),
    one('unit', 60, 100),
  ];
  t.is(costliest(all, 2), 'Most seconds of processor: unit 100, lab/works 80');
});
