/** The line that a run ends with for each test that failed: its name, and why. */
import test from 'ava';
import { failuresIn } from '../../failures.ts';

const said = `
  ✔ it starts (17s)
  ✘ [fail]: the box is as open as before Rejected promise returned by test
  ✘ [fail]: what people have there outlives a reboot
  ✘ [fail]: every record validates example.com A
    ℹ box: console /tmp/console.log
  ─

  the box is as open as before

  Rejected promise returned by test. Reason:

  Error {
    message: \`in box: systemctl restart "box-*.service"␊
    exited 1: Job for box-ready.service failed␊
    \`,
  }

  Error: in box: systemctl restart "box-*.service"

      at LabBox.run (test/lab/world/nspawn.ts:128:13)

  ─

  what people have there outlives a reboot
  Difference (- actual, + expected):

  - \`groupware.sql␊
    postgresql\`

  Error
      at ExecutionContext.is (file:///node_modules/ava/lib/assert.js:309:16)

  ─

  every record validates

  test/lab/dns.test.ts:109

   108:     const [set = '', verdict] = answer.split('\\n');
   109:     t.is(verdict, '; fully validated', answer);

  example.com A

  Difference (- actual, + expected):

  - ';; resolution failed: timed out'
  + '; fully validated'

  › <anonymous> (test/lab/dns.test.ts:109:7)

  ─

  3 tests failed
`;

test('what was thrown, and what differs, stands beside the name', (t) => {
  t.deepEqual(failuresIn(said), [
    'the box is as open as before Rejected promise returned by test: in box: systemctl restart "box-*.service" exited 1: Job for box-ready.service failed',
    'what people have there outlives a reboot: Difference (- actual, + expected): - `groupware.sql postgresql`',
    "every record validates example.com A: example.com A Difference (- actual, + expected): - ';; resolution failed: timed out' + '; fully validated'",
  ]);
});

test('a test of which nothing more is said has its name alone', (t) => {
  t.deepEqual(failuresIn('  ✘ [fail]: unit › clock › it ticks\n'), ['unit › clock › it ticks']);
});

test('a long reason is cut', (t) => {
  const line = failuresIn(`  ✘ [fail]: it\n  ─\n\n  it\n\n  ${'x'.repeat(900)}\n\n  ─\n`)[0] ?? '';
  t.is(line, `it: ${'x'.repeat(240)}...`);
});
