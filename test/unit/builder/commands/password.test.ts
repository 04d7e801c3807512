/** `letterbox password`: the box's own rules, and a hash of what was typed. */
import { spawnSync } from 'node:child_process';
import test from 'ava';
import { checkPassword } from '../../../../box/mail/password.ts';
import { hashPassword } from '../../../../builder/commands/password.ts';

const taken = [
  'correct horse battery staple',
  ' in front and behind ',
  'colon: "x" 100% $HOME \\',
  'käsebrötchen 🐎',
];
const refused = [
  '1234567',
  ' '.repeat(9),
  'with\u00a0another blank',
  'with\ta tab',
  'nul\u0000inside',
  'x'.repeat(257),
];

for (const password of taken)
  test(`${JSON.stringify(password)} is hashed as it is`, async (t) => {
    const hash = await hashPassword(password.normalize('NFD'));
    const [, , salt = ''] = hash.split('$');
    const input = `${password}\n`;
    const { stdout } = spawnSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], {
      input,
      encoding: 'utf8',
    });
    t.is(hash, stdout.trim());
    t.notThrows(() => checkPassword(password));
  });

for (const password of refused)
  test(`${JSON.stringify(password.slice(0, 30))} is refused, as the box refuses it`, async (t) => {
    await t.throwsAsync(hashPassword(password));
    t.throws(() => checkPassword(password));
  });
