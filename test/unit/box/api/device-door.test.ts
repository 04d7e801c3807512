/** The name that SOGo gets at its doors for programs: by which password, in a way that nobody can type. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { newAppPassword } from '../../../../box/accounts/app-passwords.ts';
import { atDeviceDoor, doorMark } from '../../../../box/api/http/device-door.ts';

const key = 'a'.repeat(64);
const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
const made = (header: string | undefined) =>
  Buffer.from(atDeviceDoor(key, header)?.slice('Basic '.length) ?? '', 'base64').toString();

test('a name gets the mark of the app password that comes with it, or that of the account’s password', (t) => {
  const { secret, handle } = newAppPassword();
  t.is(made(basic(`me@example.com:${secret}`)), `me@example.com.${doorMark(key, handle)}:${secret}`);
  for (const other of ['correct-horse', '', 'a:b', `${secret}x`, secret.toUpperCase(), `${handle}horse`, 'ü'])
    t.is(made(basic(`me@example.com:${other}`)), `me@example.com.${doorMark(key, 'password')}:${other}`);
});

test('blanks that telephones put around a name don’t come between it and its mark', (t) => {
  const mark = doorMark(key, 'password');
  for (const typed of ['me@bücher.example ', '\tme@bücher.example\u00a0', ' me@bücher.example'])
    t.is(made(basic(`${typed}:x`)), `me@bücher.example.${mark}:x`);
});

test('whatever comes, the password stays as it came, and what is no name and password is left out', (t) => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const text = Buffer.concat([Buffer.from('me:'), bytes]);
      const header = atDeviceDoor(key, `Basic ${text.toString('base64')}`) ?? '';
      const [, ...rest] = Buffer.from(header.slice(6), 'base64').toString('latin1').split(':');
      t.is(rest.join(':'), Buffer.from(bytes).toString('latin1'));
    }),
  );
  for (const none of [
    undefined,
    '',
    'Basic',
    'Basic !',
    `Bearer ${'a'.repeat(20)}`,
    basic(':x'),
    basic('me'),
  ])
    t.is(atDeviceDoor(key, none), undefined, String(none));
});

test('the database makes the same names of what the box knows', (t) => {
  const sql = readFileSync('overlays/groupware/sogo/usr/share/box/groupware.sql', 'utf8');
  t.true(
    sql.includes(
      "'.' || left(encode(sha256(convert_to(key || '/' || which, 'UTF8')), 'hex'), 32) END AS mark",
    ),
  );
  const sum = execFileSync('sha256sum', { input: `${key}/k7m2p-`, encoding: 'utf8' });
  t.is(doorMark(key, 'k7m2p-'), sum.slice(0, 32));
});
