/** One's own account, for everybody: who may ask which route, and app passwords from the first to the last. */
import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { newAppPassword } from '../../../../box/accounts/app-passwords.ts';
import { Attempts } from '../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../box/accounts/log-in/challenges.ts';
import type { Doorkeeper } from '../../../../box/accounts/log-in/door.ts';
import { keeperSecret } from '../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../box/accounts/log-in/sessions.ts';
import { leadingHere } from '../../../../box/accounts/own-account.ts';
import { answer } from '../../../../box/api/keeper/answer.ts';
import { routeName } from '../../../../box/api/route.ts';
import { routes } from '../../../../box/api/routes/index.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { addAppPassword, setProgramsApart } from '../../../../box/mail/app-passwords.ts';
import { transact } from '../../../../box/mail/database.ts';
import { addTotp } from '../../../../box/mail/factors.ts';
import { addAccount, putAlias, removeAccount, setPassword } from '../../../../box/mail/users.ts';
import { hashOf } from '../password-hash.ts';
import { TemporaryBox } from '../temporary-box.ts';

const password = 'correct-horse';
const passwordHash = hashOf(password);
const me = { user: 'me@example.com', secret: password };
const you = { user: 'you@example.com', secret: password };

/** All that anybody with an account may ask; every other route is for administrators, or for a log-in. */
const forEverybody = [
  'GET /me/account',
  'GET /me/app-passwords',
  'POST /me/app-passwords/add',
  'POST /me/app-passwords/only',
  'POST /me/app-passwords/remove',
  'POST /me/password',
  'POST /me/sessions/end',
  'POST /mfa/disable',
  'POST /mfa/status',
  'POST /mfa/totp/enable',
  'POST /mfa/webauthn/begin',
  'POST /mfa/webauthn/enable',
];

async function keeper(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(machine, me.user, passwordHash);
  await addAccount(machine, you.user, passwordHash, false);
  // doveadm hashes by standard input: here openssl does.
  box.answer = (argv, input) =>
    argv.join(' ') === 'doveadm pw -s SHA512-CRYPT' ? { out: hashOf(input.split('\n')[0] ?? '') } : undefined;
  const now = () => Date.parse('2026-11-24T12:00:00Z');
  const secret = await keeperSecret(machine);
  const log: string[] = [];
  const door: Doorkeeper = {
    ...{ machine, secret, now, log: (line: string) => void log.push(line) },
    sessions: new Sessions(secret, now, async () => undefined),
    attempts: new Attempts(now),
    challenges: new Challenges(now),
  };
  const ask = async <Body = Record<string, unknown>>(
    route: string,
    credentials: object,
    params: object = {},
  ) =>
    (await answer(door, JSON.stringify({ route, params, from: '198.51.100.1', credentials }))) as {
      readonly body?: Body;
      readonly refused?: string;
      readonly reason?: string;
    };
  const make = async (label = 'phone') =>
    (await ask<{ password: string; id: number }>('POST /me/app-passwords/add', you, { label, password }))
      .body ?? {
      password: '',
      id: 0,
    };
  const rows = async (table: string) =>
    (await transact(machine, [{ sql: `SELECT * FROM ${table}` }]))[0]?.rows ?? [];
  return { box, machine, log, ask, make, rows };
}

test('of all routes each is for everybody’s own account by this list, or refuses who is no administrator', async (t) => {
  const { ask } = await keeper(t);
  t.deepEqual(
    routes
      .filter(({ may }) => may === 'user')
      .map(routeName)
      .sort(),
    forEverybody,
  );
  const session = (await ask<{ api_key: string }>('POST /login', you)).body?.api_key ?? '';
  for (const route of routes.filter(({ may }) => may !== 'anyone')) {
    const name = routeName(route);
    if (forEverybody.includes(name)) continue;
    for (const secret of [password, session])
      t.deepEqual(
        await ask(name, { ...you, secret }),
        { refused: 'forbidden', reason: 'You are not an administrator.' },
        name,
      );
  }
});

test('a person sees and changes their own second factors, and nobody else’s', async (t) => {
  const { ask, machine, rows } = await keeper(t);
  await addTotp(machine, me.user, { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', step: 0, label: 'mine' });
  for (const [route, params] of [
    ['POST /mfa/status', { user: me.user }],
    ['POST /mfa/disable', { user: me.user }],
    ['POST /mfa/disable', { user: 'Me@Example.com', 'mfa-id': '1' }],
  ] as const)
    t.is((await ask(route, you, params)).refused, 'forbidden', route);
  // By its number neither.
  t.is((await ask('POST /mfa/disable', you, { 'mfa-id': '1' })).refused, 'bad-request');
  t.is((await rows('mfa')).length, 1);
  t.deepEqual((await ask('POST /mfa/status', you, { user: you.user })).body?.enabled_mfa, []);
});

test('what one’s account holds: its size, its limit, and each alias that leads there', async (t) => {
  const { ask, machine } = await keeper(t);
  await putAlias(machine, { source: 'sales@example.com', destination: you.user });
  const { body } = await ask('GET /me/account', you);
  const { profile, ...told } = body as { profile: { url: string; qr_code_base64: string } };
  t.is(profile.url, 'https://box.example.com/mailinabox.mobileconfig');
  t.is(Buffer.from(profile.qr_code_base64, 'base64').toString('latin1', 1, 4), 'PNG');
  t.deepEqual(told as object, {
    email: you.user,
    ...{ mailbox_size: 0, mailbox_limit: 0, aliases: ['sales@example.com'] },
    ...{ app_passwords_only: false, has_second_factor: false, sessions: 0 },
  });
});

test('aliases lead by way of others, and in no circle', (t) => {
  const aliases = [
    { source: 'team@x.example', destination: 'a@x.example,b@x.example' },
    { source: 'all@x.example', destination: 'team@x.example' },
    { source: 'a@x.example', destination: 'a@x.example,all@x.example' },
    { source: 'other@x.example', destination: 'b@x.example' },
  ];
  t.deepEqual(leadingHere({ aliases }, 'a@x.example'), ['all@x.example', 'team@x.example']);
});

test('an app password is made by one’s password, shown once, kept as a hash, and told of by its beginning', async (t) => {
  const { ask, box, make, log, rows } = await keeper(t);
  for (const wrong of ['', 'wrong-horse'])
    t.is(
      (await ask('POST /me/app-passwords/add', you, { label: 'phone', password: wrong })).refused,
      'bad-request',
    );
  for (const label of ['', ' ', 'x'.repeat(61)])
    t.is((await ask('POST /me/app-passwords/add', you, { label, password })).refused, 'bad-request', label);
  const made = await make(' my phone ');
  t.regex(made.password, /^([a-km-np-z2-9]{5}-){4}[a-km-np-z2-9]{5}$/);
  const [kept] = await rows('app_passwords');
  t.is(kept?.handle, made.password.slice(0, 6));
  t.regex(String(kept?.password), /^\{SHA512-CRYPT\}\$6\$/);
  t.false(JSON.stringify([kept, log, box.ran]).includes(made.password.slice(6)));
  t.deepEqual((await ask('GET /me/app-passwords', you)).body, [
    {
      ...{ id: made.id, label: 'my phone', begins: made.password.slice(0, 6) },
      ...{ created: '2026-11-24T12:00:00.000Z', last_used: null },
    },
  ] as never);
  mkdirSync(box.root + paths.appPasswordUses, { recursive: true });
  const note = `${box.root}${paths.appPasswordUses}/${made.password.slice(0, 6)}`;
  writeFileSync(note, '');
  utimesSync(note, 1_790_000_000, 1_790_000_000);
  const [used] = (await ask<{ last_used: string }[]>('GET /me/app-passwords', you)).body ?? [];
  t.is(used?.last_used, new Date(1_790_000_000_000).toISOString());
});

test('an app password opens nothing at the panel: no log-in, no question, no change of a password', async (t) => {
  const { ask, make } = await keeper(t);
  const app = { ...you, secret: (await make()).password };
  t.is((await ask('POST /login', app)).body?.status, 'invalid');
  t.is((await ask('GET /me', app)).body?.status, 'invalid');
  for (const route of ['GET /me/account', 'GET /me/app-passwords', 'POST /me/password', 'POST /mfa/status'])
    t.is((await ask(route, app, { password: 'another-horse' })).refused, 'unauthenticated', route);
  const session = { ...you, secret: (await ask('POST /login', you)).body?.api_key };
  const change = { password: 'another-horse', old: app.secret };
  t.is((await ask('POST /me/password', session, change)).refused, 'bad-request');
  t.is(
    (await ask('POST /me/app-passwords/add', session, { label: 'x', password: app.secret })).refused,
    'bad-request',
  );
});

test('one that is revoked is gone, with the connections that are open; nobody revokes another’s', async (t) => {
  const { ask, box, make, rows } = await keeper(t);
  const { id } = await make();
  t.is((await ask('POST /me/app-passwords/remove', me, { id: String(id) })).refused, 'bad-request');
  for (const wrong of ['', '99', 'x'])
    t.is((await ask('POST /me/app-passwords/remove', you, { id: wrong })).refused, 'bad-request', wrong);
  t.is((await rows('app_passwords')).length, 1);
  t.is((await ask('POST /me/app-passwords/remove', you, { id: String(id) })).body, 'OK' as never);
  t.deepEqual(await rows('app_passwords'), []);
  t.true(box.ran.includes('doveadm kick you@example.com'), box.ran.join('\n'));
});

test('app passwords end with the password that they were made with, and with the account', async (t) => {
  const { ask, box, machine, make, rows } = await keeper(t);
  await make('phone');
  await make('tablet');
  const session = { ...you, secret: (await ask('POST /login', you)).body?.api_key };
  const change = { password: 'another-horse' };
  t.is((await ask('POST /me/password', session, change)).refused, 'unauthenticated', 'a session alone');
  t.is((await ask('POST /me/password', session, { ...change, old: 'wrong-horse' })).refused, 'bad-request');
  t.is((await rows('app_passwords')).length, 2);
  t.is((await ask('POST /me/password', session, { ...change, old: password })).body, 'OK' as never);
  t.deepEqual(await rows('app_passwords'), []);
  t.true(box.ran.includes('doveadm kick you@example.com'));
  t.is((await ask('GET /me/account', session)).refused, 'unauthenticated');
  await setPassword(machine, you.user, passwordHash);
  await make();
  await removeAccount(machine, you.user, me.user);
  t.deepEqual(await rows('app_passwords'), []);
});

test('all sessions of one’s own end at once, and nobody else’s', async (t) => {
  const { ask } = await keeper(t);
  const logIn = async (as: object) => ({ ...as, secret: (await ask('POST /login', as)).body?.api_key });
  const [one, other, mine] = [await logIn(you), await logIn(you), await logIn(me)];
  t.is((await ask('GET /me/account', one)).body?.sessions, 2);
  t.deepEqual((await ask('POST /me/sessions/end', one)).body, { status: 'ok' });
  for (const session of [one, other])
    t.is((await ask('GET /me/account', session)).refused, 'unauthenticated');
  t.is((await ask('GET /me/account', mine)).body?.sessions, 1);
});

test('programs take app passwords alone only where there is a second factor, and until the last one is off', async (t) => {
  const { ask, box, machine, rows } = await keeper(t);
  const session = { ...you, secret: (await ask('POST /login', you)).body?.api_key };
  const set = (only: string, given = password) =>
    ask('POST /me/app-passwords/only', session, { only, password: given });
  t.regex((await set('1')).reason ?? '', /no second factor/);
  await addTotp(machine, you.user, { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', step: 0, label: 'phone' });
  // A second factor ends sessions; this one is as good as one after it.
  t.is((await set('1')).refused, 'unauthenticated');
  t.is((await rows('app_passwords_only')).length, 0);
  t.true(await setProgramsApart(machine, you.user, true));
  t.true(await setProgramsApart(machine, you.user, true), 'twice is once');
  t.is((await rows('app_passwords_only')).length, 1);
  t.is(await box.box('account', 'codes-off', you.user), 0);
  t.is((await rows('app_passwords_only')).length, 0);
  t.is((await set('0')).refused, 'unauthenticated');
  t.is((await set('', 'wrong-horse')).refused, 'unauthenticated');
});

test('a beginning that somebody’s app password has already is taken by no other', async (t) => {
  const { machine, rows } = await keeper(t);
  const one = { handle: 'k7m2p-', label: 'phone', created: 0, stored: passwordHash };
  t.true(await addAppPassword(machine, you.user, one));
  t.false(await addAppPassword(machine, me.user, one));
  t.false(await addAppPassword(machine, 'nobody@example.com', { ...one, handle: 'q7m2p-' }));
  t.is((await rows('app_passwords')).length, 1);
});

test('app passwords are of chance, and each begins with its handle', (t) => {
  const many = Array.from({ length: 500 }, newAppPassword);
  t.is(new Set(many.map(({ secret }) => secret)).size, 500);
  t.true(many.every(({ secret, handle }) => secret.startsWith(handle) && handle.length === 6));
});
