/** The last good copies: when they are made, when they are taken, and that neither copies damage. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import test from 'ava';
import { locked } from '../../../../box/mail/password.ts';
import { addAccount } from '../../../../box/mail/users.ts';
import { keepGoodCopies } from '../../../../box/storage/databases.ts';
import { TemporaryBox } from '../temporary-box.ts';

const accounts = '/home/user-data/mail/users.sqlite';
const copy = '/home/user-data/last-good/users.sqlite';

const emails = (box: TemporaryBox, file = accounts) =>
  execFileSync('sqlite3', [box.at(file), 'SELECT email FROM users ORDER BY email'], {
    encoding: 'utf8',
  }).trim();
const addYou = (box: TemporaryBox) => addAccount(box.machine, 'you@example.com', locked, false);
const aside = (box: TemporaryBox) =>
  readdirSync(box.at('/home/user-data/mail')).filter((name) => name.includes('.damaged-'));

test('each change of accounts is in the copy at once, which root alone may read', async (t) => {
  const box = await TemporaryBox.booted(t);
  await addYou(box);
  t.is(emails(box, copy), 'me@example.com\nyou@example.com');
  t.is(statSync(box.at(copy)).mode & 0o777, 0o600);
  t.is(statSync(box.at('/home/user-data/last-good')).mode & 0o777, 0o700);
});

for (const [what, spoil] of [
  ['garbage', (box: TemporaryBox) => box.write(accounts, Buffer.alloc(40_960, 'no database '))],
  ['empty', (box: TemporaryBox) => box.write(accounts, '')],
  [
    'torn in the middle',
    (box: TemporaryBox) => {
      const bytes = readFileSync(box.at(accounts));
      bytes.fill(0xff, 4096, bytes.length);
      box.write(accounts, bytes);
    },
  ],
  ['gone', (box: TemporaryBox) => rmSync(box.at(accounts))],
] as const) {
  test(`accounts that are ${what}: the next boot has all of them, keeps what was there, and says so`, async (t) => {
    const box = await TemporaryBox.booted(t);
    await addYou(box);
    spoil(box);
    // A journal of the damaged one would be played into the copy.
    box.write(`${accounts}-journal`, 'left by a power cut');
    t.is(await box.box('init'), 0, box.said.join('\n'));
    t.is(emails(box), 'me@example.com\nyou@example.com');
    const set = aside(box).filter((name) => !name.includes('journal'));
    t.is(set.length, what === 'gone' ? 0 : 1, set.join());
    t.false(existsSync(box.at(`${accounts}-journal`)));
    t.is(await box.box('init'), 0);
    t.true(box.report().steps.every(({ result }) => result === 'done'));
    await box.box('status');
    if (what !== 'gone')
      t.regex(box.said.join('\n'), /^warning {2}databases: .*users\.sqlite\.damaged-\d+ was damaged/m);
  });
}

test('damage is not copied over the last good copy', async (t) => {
  const box = await TemporaryBox.booted(t);
  const good = readFileSync(box.at(copy));
  box.write(accounts, Buffer.alloc(40_960, 'no database '));
  await t.throwsAsync(keepGoodCopies(box.machine), { message: /users\.sqlite/ });
  t.deepEqual(readFileSync(box.at(copy)), good);
  t.deepEqual(readdirSync(box.at('/home/user-data/last-good')), ['users.sqlite']);
});

test('a change is made also where there is no room for its copy', async (t) => {
  const box = await TemporaryBox.booted(t);
  const good = readFileSync(box.at(copy));
  box.broken = (argv) => argv.some((word) => word.startsWith('.backup'));
  box.answer = (argv) =>
    argv.some((word) => word.startsWith('.backup')) ? { code: 1, err: 'disk is full' } : undefined;
  await addYou(box);
  t.is(emails(box), 'me@example.com\nyou@example.com');
  t.deepEqual(readFileSync(box.at(copy)), good);
});

test('an account that can not be healed keeps the box closed: no fresh database is made of it', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write(accounts, Buffer.alloc(40_960, 'no database '));
  box.write(copy, 'nor is this one');
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /users\.sqlite is damaged, and its copy .* is damaged$/);
  t.true(existsSync(box.at(accounts)));
});
