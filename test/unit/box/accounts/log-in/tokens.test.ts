import { execFileSync } from 'node:child_process';
import { statSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { Attempts } from '../../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../../box/accounts/log-in/challenges.ts';
import type { Doorkeeper } from '../../../../../box/accounts/log-in/door.ts';
import { askableByToken, mayRecord, type Scope, scopeOf } from '../../../../../box/accounts/log-in/scopes.ts';
import { Sessions } from '../../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../../box/api/keeper/answer.ts';
import { routeName } from '../../../../../box/api/route.ts';
import { routes } from '../../../../../box/api/routes/index.ts';
import { paths } from '../../../../../box/machine/paths.ts';
import { addAccount, removeAccount, setPassword, setPrivileges } from '../../../../../box/mail/users.ts';
import { hashOf } from '../../password-hash.ts';
import { TemporaryBox } from '../../temporary-box.ts';

const me = { user: 'me@example.com', secret: 'correct-horse' };
const you = 'you@example.com';

async function keeper(t: ExecutionContext) {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  await setPassword(machine, me.user, hashOf(me.secret));
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') };
  const now = () => clock.now;
  const log: string[] = [];
  const door: Doorkeeper = {
    machine,
    secret: 'x',
    sessions: new Sessions('x', now, async () => undefined),
    attempts: new Attempts(now),
    challenges: new Challenges(now),
    now,
    log: (line) => void log.push(line),
  };
  const ask = async (route: string, credentials: object, params: object = {}) =>
    (await answer(door, JSON.stringify({ route, params, credentials, from: '198.51.100.1' }))) as {
      body?: Record<string, unknown>;
      refused?: string;
      reason?: string;
    };
  const make = async (scopes: string, more: object = {}, as: object = me) => {
    const made = await ask('POST /tokens/add', as, { label: 'a test', scopes, ...more });
    return {
      id: made.body?.id as string,
      key: { user: me.user, secret: made.body?.token as string },
      made,
    };
  };
  return { box, machine, clock, log, ask, make };
}

test('a token does what its scope says, as Basic and as Bearer, and nothing else of the whole table', async (t) => {
  const { ask, make, log } = await keeper(t);
  const { key, id } = await make('acme:example.com');
  const bearer = { ...key, user: '' };
  const own = '/dns/custom/{qname}/{rtype}';
  const name = { qname: '_acme-challenge.example.com', rtype: 'txt' };
  t.regex(String((await ask(`POST ${own}`, key, { ...name, value: 'proof' })).body), /^(OK|updated DNS)/);
  t.like((await ask(`GET ${own}`, bearer, name)).body, { 0: { value: 'proof' }, length: 1 });
  t.true(log.some((line) => line === `me@example.com (token ${id}) from 198.51.100.1: POST ${own}`));
  t.deepEqual((await ask('GET /dns/zones', key)).body, ['example.com'] as never);
  // Everything that is refused is refused before it is looked at: any parameters do.
  for (const route of routes.map(routeName)) {
    const open = [
      'POST /login',
      'POST /login/passkey',
      'POST /login/passkey/begin',
      'POST /logout',
      'GET /me',
    ];
    if ([...open, 'GET /dns/zones', 'GET /dns/custom'].includes(route)) continue;
    for (const credentials of [key, bearer]) {
      const { refused, reason } = await ask(route, credentials, { qname: 'x.example.com', rtype: 'TXT' });
      t.is(refused, 'forbidden', route);
      t.is(reason, 'This token may not do that.');
    }
  }
  t.false(log.join('\n').includes(key.secret));
});

test('each scope opens its routes and records alone', async (t) => {
  const { ask, make } = await keeper(t);
  const acme = (await make('acme:example.com')).key;
  const address = (await make('address:home.example.com, address:nas.example.com')).key;
  const status = (await make('status')).key;
  await ask('PUT /dns/custom/{qname}', me, { qname: 'other.example.com', value: '192.0.2.1' });
  const put = (as: object, qname: string, rtype: string, value: string) =>
    ask('PUT /dns/custom/{qname}/{rtype}', as, { qname, rtype, value });
  t.is((await put(address, 'home.example.com', 'A', '192.0.2.7')).refused, undefined);
  t.is((await put(address, 'HOME.example.com.', 'aaaa', '2001:db8::7')).refused, undefined);
  t.is((await put(acme, '_acme-challenge.example.com', 'TXT', 'x')).refused, undefined);
  for (const [as, qname, rtype] of [
    [address, 'other.example.com', 'A'],
    [address, 'x.home.example.com', 'A'],
    [address, 'home.example.com', 'TXT'],
    [address, 'home.example.com', 'CNAME'],
    [acme, '_acme-challenge.example.com', 'A'],
    [acme, 'x_acme-challenge.example.com', 'TXT'],
    [acme, 'example.com', 'TXT'],
    [status, 'home.example.com', 'A'],
    [status, '_secondary_nameserver', 'A'],
    [acme, '_secondary_nameserver', 'TXT'],
  ] as const)
    t.is((await put(as, qname, rtype, '192.0.2.9')).refused, 'forbidden', `${qname} ${rtype}`);
  const seen = async (as: object) =>
    ((await ask('GET /dns/custom', as)).body as unknown as { qname: string }[]).map(({ qname }) => qname);
  t.deepEqual(await seen(acme), ['_acme-challenge.example.com']);
  t.deepEqual([...new Set(await seen(address))], ['home.example.com']);
  t.is((await ask('GET /dns/custom', status)).refused, 'forbidden');
  t.is((await ask('GET /system/version', status)).body as unknown, '0.1.0');
  t.is((await ask('GET /system/version', acme)).refused, 'forbidden');
});

test('a record is a token’s by its whole name, whatever is written before it', (t) => {
  const scopes: Scope[] = [scopeOf('acme:example.com'), scopeOf('address:home.example.com')];
  const may = (name: string, type: string) => mayRecord(scopes, name, type);
  t.true(may('_acme-challenge.example.com', 'TXT'));
  t.true(may('www._acme-challenge.example.com', 'TXT'));
  for (const name of [
    '_acme-challenge.other.example.com',
    'evil_acme-challenge.example.com',
    'x\\._acme-challenge.example.com',
    '*._acme-challenge.example.com',
    'x\n._acme-challenge.example.com',
    '._acme-challenge.example.com',
    '_acme-challenge.example.com.evil.example',
    '_acme-challenge.example.co',
  ])
    t.false(may(name, 'TXT'), name);
  for (const bad of [
    '',
    'acme',
    'acme:',
    'acme:*',
    'acme:..',
    'dns',
    'admin',
    'status:x',
    'acme:a b',
    'ACME:x;y',
  ])
    t.throws(() => scopeOf(bad), { message: /is no scope/ }, bad);
  const known = new Set(routes.map(routeName));
  t.deepEqual(
    askableByToken.filter((route) => !known.has(route)),
    [],
    'each is a route',
  );
});

test('a token logs in to itself and begets nothing: no session, no API key, no second token', async (t) => {
  const { ask, make } = await keeper(t);
  const { key } = await make('status');
  const me1 = await ask('GET /me', key);
  t.deepEqual(me1.body, {
    status: 'ok',
    email: me.user,
    privileges: ['admin'],
    webmail: false,
    hostname: 'box.example.com',
    first_steps: true,
    api_key: key.secret,
  });
  t.deepEqual((await ask('POST /login', key)).body, me1.body);
  t.is((await ask('POST /tokens/add', key, { label: 'x', scopes: 'status' })).refused, 'forbidden');
  t.is((await ask('GET /tokens', key)).refused, 'forbidden');
  t.is((await ask('GET /system/version', { ...key, user: you })).refused, 'unauthenticated');
});

test('only its hash is kept; it ends when it is revoked, and after its days', async (t) => {
  const { box, ask, make, clock } = await keeper(t);
  const first = await make('status', { days: '2' });
  const second = await make('acme:example.com');
  const file = box.machine.at(paths.tokens);
  const kept = execFileSync('cat', [file], { encoding: 'utf8' });
  t.false(kept.includes(first.key.secret.slice(6)) || kept.includes(second.key.secret.slice(6)));
  t.is(statSync(file).mode & 0o777, 0o600);
  const ids = async () =>
    ((await ask('GET /tokens', me)).body as unknown as { id: string }[]).map(({ id }) => id);
  t.deepEqual(await ids(), [first.id, second.id]);
  t.is(first.made.body?.expires, '2026-11-26T12:00:00.000Z');
  t.is((await ask('GET /system/version', first.key)).refused, undefined);
  clock.now += 2 * 24 * 3600_000;
  t.is((await ask('GET /system/version', first.key)).refused, 'unauthenticated');
  t.deepEqual(await ids(), [second.id]);
  t.is((await ask('GET /dns/zones', second.key)).refused, undefined);
  t.is((await ask('POST /tokens/remove', me, { id: 'ffffffff' })).refused, 'bad-request');
  t.is((await ask('POST /tokens/remove', me, { id: second.id })).body as unknown, 'OK');
  t.is((await ask('GET /dns/zones', second.key)).refused, 'unauthenticated');
  for (const wish of [
    { scopes: '' },
    { scopes: 'all' },
    { scopes: 'status', label: '' },
    { scopes: 'status', days: '0' },
  ])
    t.is((await ask('POST /tokens/add', me, { label: 'x', ...wish })).refused, 'bad-request');
});

test('a token ends with its owner, the owner’s privilege, password and second factor, and doesn’t come back', async (t) => {
  const { machine, ask, make } = await keeper(t);
  const owner = { user: you, secret: 'your-own-horse' };
  const hash = hashOf(owner.secret);
  await addAccount(machine, you, hash, true);
  const works = async (token: { key: object }) =>
    (await ask('GET /system/version', { ...token.key, user: '' })).refused === undefined;
  // Past the box's own rules too, as a restored table or the webmail would change it.
  let token = await make('status', {}, owner);
  t.true(await works(token));
  await setPrivileges(machine, you, '');
  t.false(await works(token));
  await setPrivileges(machine, you, 'admin');
  await ask('POST /mail/users/privileges/remove', me, { email: you, privilege: 'admin' });
  await ask('POST /mail/users/privileges/add', me, { email: you, privilege: 'admin' });
  t.false(await works(token), 'an administrator again, but its tokens ended');
  token = await make('status', {}, owner);
  await setPassword(machine, you, hashOf(owner.secret));
  t.false(await works(token), 'the same password, set anew');
  token = await make('status', {}, owner);
  await removeAccount(machine, you, me.user);
  t.false(await works(token));
  await addAccount(machine, you, hashOf('of-a-stranger'), true);
  t.false(await works(token), 'another of the same name');
});

test('the command makes, lists and removes them by the same rules', async (t) => {
  const { box, ask } = await keeper(t);
  t.is(await box.box('token', 'add', me.user, 'address:home.example.com', '--label', 'router'), 0);
  const secret = box.said[0] ?? '';
  t.is((await ask('GET /dns/zones', { user: '', secret })).refused, undefined);
  await box.box('token', 'list');
  const [, id = ''] =
    /^(\w{8}) me@example\.com address:home\.example\.com \(router\)$/.exec(box.said.join()) ?? [];
  t.is(await box.box('token', 'remove', id), 0);
  t.is((await ask('GET /dns/zones', { user: '', secret })).refused, 'unauthenticated');
  t.is(await box.box('token', 'add', me.user, 'everything'), 1);
  t.is(await box.box('token', 'add', 'no@example.com', 'status'), 1);
});
