/** Questions at a terminal: what is secret is not shown, what was typed ahead counts, and an end is no answer. */
import { PassThrough } from 'node:stream';
import test from 'ava';
import { Terminal } from '../../../../builder/host/terminal.ts';

function screen() {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk) => {
    shown += chunk;
  });
  return { input, terminal: new Terminal(input, output), shown: () => shown };
}

test('an answer is shown as it is typed, a secret one is not, and the arrows bring it to no later question', async (t) => {
  const { input, terminal, shown } = screen();
  const open = terminal.ask('Name: ');
  input.write('ann\r');
  t.is(await open, 'ann');
  const secret = terminal.ask('Password: ', { hidden: true });
  input.write('correct horse\r');
  t.is(await secret, 'correct horse');
  const later = terminal.ask('Cloud: ');
  input.write('\x1b[A\r');
  t.is(await later, '');
  terminal.close();
  t.regex(shown(), /Name: .*ann/s);
  t.regex(shown(), /Password: /);
  t.notRegex(shown(), /horse/);
});

test('lines that were pasted together answer one question each', async (t) => {
  const { input, terminal } = screen();
  const first = terminal.ask('One: ');
  input.write('a\rb\r');
  t.is(await first, 'a');
  t.is(await terminal.ask('Two: '), 'b');
  terminal.close();
});

for (const [name, key] of [
  ['Ctrl-C', '\x03'],
  ['Ctrl-D', '\x04'],
] as const)
  test(`${name} in place of an answer is told as that`, async (t) => {
    const { input, terminal } = screen();
    const asked = terminal.ask('Name: ');
    input.write(key);
    await t.throwsAsync(asked, { message: 'interrupted: nothing was written' });
    await t.throwsAsync(terminal.ask('Name: '), { message: 'interrupted: nothing was written' });
  });
