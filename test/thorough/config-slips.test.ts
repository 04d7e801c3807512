/** A config with a slip or three in it: what a terminal shows of its mistakes never holds a secret. */
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { excerptOf } from '../unit/builder/config/excerpts.ts';

const example = readFileSync('example.yaml', 'utf8');

test('no slip of the fingers brings a secret to light', (t) => {
  const secret = 'QZQZQZQZQZ';
  const whole = example
    .replace(/email: .*/, `$&\n    passwordHash: $6$${secret}$${secret}`)
    .concat(
      `outbound:\n  relay:\n    host: relay.example.net\n    username: me\n    password: ${secret}\n    port: 587\nwebmail: some\n`,
    );
  const slip = fc.record({
    at: fc.nat(whole.length),
    cut: fc.nat(3),
    insert: fc.constantFrom(
      '',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ':',
      ': ',
      '\n',
      '\t',
      ' ',
      '#',
      '&',
      '*',
      '!',
      '|',
      '- ',
    ),
  });
  fc.assert(
    fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
      const text = slips.reduce(
        (to, { at, cut, insert }) => to.slice(0, at) + insert + to.slice(at + cut),
        whole,
      );
      return !/QZ/.test(excerptOf(text).join('\n'));
    }),
    { numRuns: 500 },
  );
  t.pass();
});
