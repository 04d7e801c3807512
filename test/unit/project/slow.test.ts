/** A machine that is too slow for CI's ninety minutes leaves out what was named, says so, and can be told to run all of it. */
import { existsSync } from 'node:fs';
import test from 'ava';
import { boot, lab } from '../../boxes.ts';
import { slowMachine, startOfNode } from '../../slow.ts';

test('by how long Node.js takes to start; with ALL nothing is left out', (t) => {
  t.is(slowMachine(40, false), undefined);
  t.is(slowMachine(50, false), undefined);
  t.is(slowMachine(200, true), undefined);
  t.true(startOfNode(1) > 0);
});

test('what is left out is there, is said, and is little', (t) => {
  const slow = slowMachine(98, false);
  const files = [...lab(), ...boot()].map(({ file }) => file);
  const out = files.filter((file) => slow?.leavesOut(file));
  t.deepEqual(out.sort(), [
    'test/boot/cd-rom.test.ts',
    'test/boot/closed.test.ts',
    'test/boot/power-cut.test.ts',
    'test/lab/image-swap.test.ts',
    'test/lab/move-in.test.ts',
  ]);
  t.true(out.every((file) => existsSync(file)));
  const said = slow?.said.join('\n') ?? '';
  t.regex(said, /^NOT RUN, since this machine is slow \(Node\.js starts in 98 ms/);
  t.regex(said, /boot\/power-cut/);
  t.regex(said, /make test ALL=1$/);
});
