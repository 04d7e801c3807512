import { statSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { TOTP } from 'otpauth';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import type { Doorkeeper } from '../../../../box/accounts/log-in/door.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { transact } from '../../../../box/mail/database.ts';
import { addTotp } from '../../../../box/mail/factors.ts';
import { addAccount, readMailData, setPassword } from '../../../../box/mail/users.ts';
import { hashOf } from '../password-hash.ts';
import { TemporaryBox } from '../temporary-box.ts';

const password = 'correct-horse';
const passwordHash = hashOf(password);
const me = { user: 'me@example.com', secret: password };
const you = { user: 'you@example.com', secret: password };

async function keeper(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(machine, me.user, passwordHash);
  await addAccount(machine, you.user, passwordHash, false);
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') };
  const time = () => clock.now;
  const secret = await keeperSecret(machine);
  const log: string[] = [];
  const sessions = new Sessions(secret, time, async () => undefined);
  const door: Doorkeeper = {
    machine,
    secret,
    sessions,
    attempts: new Attempts(time),
    challenges: new Challenges(time),
    now: time,
    log: (line) => void log.push(line),
  };
  const say = (question: unknown) => answer(door, JSON.stringify(question));
  const ask = async (route: string, credentials?: object, params: object = {}, from = '198.51.100.1') =>
    (await say({ route, params, from, ...(credentials === undefined ? {} : { credentials }) })) as {
      type?: string;
      body?: Record<string, unknown>;
      refused?: string;
      reason?: string;
    };
  return { box, machine, door, clock, log, say, ask };
}

test('administrators may, others and strangers may not', async (t) => {
  const { ask } = await keeper(t);
  t.is((await ask('GET /mail/users', me)).type, 'text');
  t.is((await ask('GET /mail/users', { ...me, user: 'ME@Example.com' })).type, 'text');
  t.deepEqual(await ask('GET /mail/users', you), {
    refused: 'forbidden',
    reason: 'You are not an administrator.',
  });
  t.is((await ask('GET /mail/users')).refused, 'unauthenticated');
});

test('a wrong password and an account that isn’t there are told alike, and logged for fail2ban', async (t) => {
  const { ask, log } = await keeper(t);
  const one = await ask('GET /mail/users', { ...me, secret: 'wrong-horse' });
  const other = await ask('GET /mail/users', { user: 'nobody@example.com', secret: 'wrong-horse' });
  t.deepEqual(one, { refused: 'unauthenticated', reason: 'Incorrect email address or password.' });
  t.deepEqual(other, one);
  const line =
    'Mail-in-a-Box Management Daemon: Failed login attempt from ip 198.51.100.1 - timestamp 1795521600';
  t.deepEqual(log, [line, line]);
});

test('an account without a password, and one whose hash is damaged, can’t be logged in to', async (t) => {
  const { ask, machine, clock } = await keeper(t);
  for (const stored of ['{SHA512-CRYPT}!', '', 'plain', '{PLAIN}correct-horse', '{SHA512-CRYPT}$1$x$y']) {
    await setPassword(machine, you.user, stored);
    clock.now += 600_000;
    for (const secret of [password, '!', 'plain', stored]) {
      const { body } = await ask('GET /me', { ...you, secret: secret || ' ' });
      t.is(body?.status, 'invalid', `${stored} ${secret}`);
    }
  }
});

test('what nobody has as a password is no password, and no fault', async (t) => {
  const { ask, log } = await keeper(t);
  for (const secret of ['a\0b', '\ud800', 'x'.repeat(1000), '$6$x', "' OR 1=1 --", '💥'])
    t.is((await ask('GET /mail/users', { ...me, secret })).refused, 'unauthenticated', secret);
  t.false(log.some((line) => line.includes('fault')));
});

test('log in, work by the session’s key, log out', async (t) => {
  const { ask } = await keeper(t);
  const { body } = await ask('POST /login', me);
  t.like(body, { status: 'ok', email: me.user, privileges: ['admin'] });
  const session = { user: me.user, secret: body?.api_key };
  t.is((await ask('GET /mail/users', session)).type, 'text');
  t.is((await ask('GET /mail/users', { ...session, user: '' })).type, 'text', 'as a cookie brings it');
  t.is((await ask('GET /mail/users', { ...session, user: you.user })).refused, 'unauthenticated');
  t.is((await ask('POST /login', session)).body?.status, 'invalid', 'a session begets none');
  t.deepEqual((await ask('POST /logout', session)).body, { status: 'ok' });
  t.is((await ask('GET /mail/users', session)).refused, 'unauthenticated');
});

test('an API key works like the password until that changes', async (t) => {
  const { ask, machine, log } = await keeper(t);
  const { body } = await ask('GET /me', me);
  const key = { user: me.user, secret: body?.api_key };
  t.is((await ask('GET /mail/users', key)).type, 'text');
  t.is((await ask('GET /mail/users', { ...key, user: you.user })).refused, 'unauthenticated');
  const session = { user: me.user, secret: (await ask('POST /login', me)).body?.api_key };
  await setPassword(machine, me.user, hashOf('another-horse'));
  for (const old of [key, session, me]) t.is((await ask('GET /mail/users', old)).refused, 'unauthenticated');
  t.is((await ask('GET /mail/users', { ...me, secret: 'another-horse' })).type, 'text');
  t.is((await ask('GET /me', { ...you })).body?.api_key, undefined, 'others get none');
  t.false(log.join('\n').includes(String(key.secret)));
});

test('ten wrong passwords, and this address may not try this account for a while; others may', async (t) => {
  const { ask, clock, log } = await keeper(t);
  for (let i = 0; i < 10; i++) await ask('GET /me', { ...me, secret: 'wrong-horse' });
  t.like(await ask('GET /me', me), { refused: 'busy', retryAfter: 600 });
  t.is(log.filter((line) => line.includes('Failed login')).length, 11);
  t.is((await ask('GET /me', me, {}, '198.51.100.2')).body?.status, 'ok');
  t.is((await ask('GET /me', you)).body?.status, 'ok');
  clock.now += 600_000;
  t.is((await ask('GET /me', me)).body?.status, 'ok');
});

test('one-time codes: turned on with the first, asked for, good once, turned off', async (t) => {
  const { ask, clock } = await keeper(t);
  const session = { user: me.user, secret: (await ask('POST /login', me)).body?.api_key };
  const status = (await ask('POST /mfa/status', me)).body as {
    new_mfa: { totp: { secret: string; qr_code_base64: string } };
  };
  const { secret, qr_code_base64: image } = status.new_mfa.totp;
  t.is(Buffer.from(image, 'base64').subarray(1, 4).toString(), 'PNG');
  const code = () => new TOTP({ secret }).generate({ timestamp: clock.now });
  t.is((await ask('POST /mfa/totp/enable', me, { secret, token: '000000' })).refused, 'bad-request');
  t.is((await ask('POST /mfa/totp/enable', me, { secret: 'A', token: code() })).refused, 'bad-request');
  t.deepEqual((await ask('POST /mfa/totp/enable', me, { secret, token: code(), label: 'phone' })).body, 'OK');
  t.is((await ask('GET /mail/users', session)).refused, 'unauthenticated', 'older sessions ended');
  t.like((await ask('POST /login', me)).body, { status: 'missing-totp-token' });
  t.is((await ask('GET /mail/users', me)).refused, 'missing-totp-token');
  t.is((await ask('POST /login', { ...me, code: code() })).body?.status, 'invalid', 'seen already');
  clock.now += 60_000;
  t.is((await ask('POST /login', { ...me, code: '000000' })).body?.status, 'invalid');
  t.is((await ask('POST /login', { ...me, secret: 'wrong-horse', code: code() })).body?.status, 'invalid');
  const { body } = await ask('POST /login', { ...me, code: code() });
  const later = { user: me.user, secret: body?.api_key };
  const [entry] = ((await ask('POST /mfa/status', later)).body?.enabled_mfa ?? []) as { id: number }[];
  t.like(entry, { type: 'totp', label: 'phone' });
  t.is((await ask('POST /mfa/disable', later, { 'mfa-id': '99' })).refused, 'bad-request');
  t.is((await ask('POST /mfa/disable', later, { 'mfa-id': String(entry?.id) })).type, 'text');
  t.is((await ask('POST /login', me)).body?.status, 'ok');
});

test('of one-time codes only one of a later step than the last counts', async (t) => {
  const { ask, clock, machine } = await keeper(t);
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const at = (steps: number) => new TOTP({ secret }).generate({ timestamp: clock.now + steps * 30_000 });
  const logIn = async (code: string) => (await ask('POST /login', { ...me, code })).body?.status;
  await addTotp(machine, me.user, { secret, step: 0, label: 'phone' });
  const [before, current, next] = [at(-1), at(0), at(1)];
  t.is(await logIn(before), 'ok', 'a step late');
  t.is(await logIn(current), 'ok');
  for (const code of [before, current, before, current]) t.is(await logIn(code), 'invalid', code);
  t.is(await logIn(next), 'ok', 'a step early');
  clock.now += 30_000;
  t.is(await logIn(next), 'invalid', 'in its own time too');
  t.is(await logIn(at(1)), 'ok');
});

test('of log-ins with one code at the same moment one is taken', async (t) => {
  const { ask, clock, machine } = await keeper(t);
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  await addTotp(machine, me.user, { secret, step: 0, label: 'phone' });
  const code = new TOTP({ secret }).generate({ timestamp: clock.now });
  const many = await Promise.all(Array.from({ length: 5 }, () => ask('POST /login', { ...me, code })));
  t.is(many.filter(({ body }) => body?.status === 'ok').length, 1);
});

test('what a Mail-in-a-Box, or a clock that was ahead, noted of codes locks nobody out', async (t) => {
  const { ask, clock, machine } = await keeper(t);
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const code = () => new TOTP({ secret }).generate({ timestamp: clock.now });
  const logIn = async () => (await ask('POST /login', { ...me, code: code() })).body?.status;
  const note = (text: string) =>
    transact(machine, [{ sql: "UPDATE mfa SET mru_token = ? WHERE type = 'totp'", params: [text] }]);
  await addTotp(machine, me.user, { secret, step: 0, label: 'phone' });
  await note(code());
  t.is(await logIn(), 'invalid', 'the code that it took');
  clock.now += 60_000;
  t.is(await logIn(), 'ok');
  clock.now += 60_000;
  await note(String(Math.floor(Date.parse('2031-01-01') / 30_000)));
  t.is(await logIn(), 'ok', 'none of these has been seen');
  t.is(await logIn(), 'invalid');
});

test('the owner who lost the phone turns codes off from the console', async (t) => {
  const { ask, box, clock } = await keeper(t);
  const { new_mfa } = (await ask('POST /mfa/status', me)).body as { new_mfa: { totp: { secret: string } } };
  const { secret } = new_mfa.totp;
  const token = new TOTP({ secret }).generate({ timestamp: clock.now });
  await ask('POST /mfa/totp/enable', me, { secret, token });
  t.is(await box.box('account', 'codes-off', me.user), 0);
  t.is((await ask('POST /login', me)).body?.status, 'ok');
  t.is(await box.box('account', 'codes-off', me.user), 1);
});

test('nothing but the listed requests, in their own form, is done', async (t) => {
  const { ask, say, machine, log } = await keeper(t);
  const before = JSON.stringify(await readMailData(machine));
  for (const route of [
    '',
    'GET /',
    'POST /mail/users',
    'toString',
    '__proto__',
    'get /mail/users',
    'GET /mail/users\n',
  ])
    t.is((await ask(route, me)).refused, 'bad-request', route);
  const good = { route: 'GET /mail/users', params: {}, from: '198.51.100.1', credentials: me };
  for (const wrong of [
    null,
    [],
    'text',
    { ...good, from: 'nowhere' },
    { ...good, from: undefined },
    { ...good, more: 1 },
    { ...good, params: { a: 1 } },
    { ...good, params: [] },
    { ...good, credentials: { user: me.user } },
    { ...good, credentials: { ...me, secret: 'x'.repeat(1001) } },
    { ...good, credentials: { ...me, privileges: ['admin'] } },
  ]) {
    t.like(await say(wrong), { refused: 'bad-request' }, JSON.stringify(wrong)?.slice(0, 80));
  }
  const bad: readonly [string, Record<string, string>][] = [
    ['POST /mail/users/add', { email: 'x@example.com' }],
    ['POST /mail/users/add', { email: "x'; DROP TABLE users; --@example.com", password }],
    ['POST /mail/users/add', { email: 'x@example.com', password, privileges: 'root' }],
    ['POST /mail/users/add', { email: 'x@example.com', password, quota: '-1' }],
    ['POST /mail/users/add', { email: 'x@example.com', password: 'a b c d e f' }],
    ['POST /mail/users/password', { email: 'nobody@example.com', password }],
    ['POST /mail/users/remove', { email: me.user }],
    ['POST /mail/users/privileges/remove', { email: me.user, privilege: 'admin' }],
    ['POST /mail/users/privileges/add', { email: you.user, privilege: '' }],
    ['GET /dns/zonefile/{zone}', { zone: '../../../etc/passwd' }],
    ['POST /mail/aliases/add', { address: 'a@example.com', forwards_to: '|/bin/sh' }],
  ];
  for (const [route, params] of bad)
    t.is((await ask(route, me, params)).refused, 'bad-request', `${route} ${JSON.stringify(params)}`);
  t.is(JSON.stringify(await readMailData(machine)), before);
  t.false(
    log.some((line) => line.includes('fault') || line.includes(password)),
    log.join('\n'),
  );
});

test('the secret is made once, for root alone; a damaged one is made anew', async (t) => {
  const box = TemporaryBox.fresh(t);
  const first = await keeperSecret(box.machine);
  t.is(Buffer.from(first, 'base64').length, 32);
  t.is(await keeperSecret(box.machine), first);
  const file = '/var/lib/box-keeper/api.key';
  t.is(statSync(box.at(file)).mode & 0o777, 0o600);
  t.is(statSync(box.at('/var/lib/box-keeper')).mode & 0o777, 0o700);
  box.write(file, '');
  t.not(await keeperSecret(box.machine), first);
});

test('people change their own password with the old one, and by nothing less', async (t) => {
  const { machine, log, ask } = await keeper(t);
  const change = (as: object | undefined, next: string) => ask('POST /me/password', as, { password: next });
  const session = (await ask('POST /login', you)).body?.api_key;
  t.is((await change(undefined, 'new-horse-staple')).refused, 'unauthenticated');
  t.is((await change({ ...you, secret: 'wrong-horse' }, 'new-horse-staple')).refused, 'unauthenticated');
  t.is((await change({ ...you, secret: session }, 'new-horse-staple')).refused, 'unauthenticated');
  const key = (await ask('GET /me', me)).body?.api_key;
  t.is((await change({ ...me, secret: key }, 'new-horse-staple')).refused, 'unauthenticated');
  for (const bad of ['', 'short', 'with\u00a0a blank'])
    t.is((await change(you, bad)).refused, 'bad-request', bad);
  t.is(
    (await ask('POST /mail/users/password', you, { email: you.user, password: 'x'.repeat(9) })).refused,
    'forbidden',
  );
  t.false(log.some((line) => line.includes('new-horse') || line.includes(password)));
  // With one-time codes the password alone is not enough here either.
  const secret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  await addTotp(machine, me.user, { secret, step: 0, label: 'x' });
  t.is((await change(me, 'new-horse-staple')).refused, 'missing-totp-token');
});
