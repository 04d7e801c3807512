/** Passkeys at the keeper: made with the password, good for a log-in alone, and whatever is not right about one is refused. */
import test, { type ExecutionContext } from 'ava';
import { TOTP } from 'otpauth';
import { Attempts } from '../../../../../box/accounts/log-in/attempts.ts';
import { Challenges } from '../../../../../box/accounts/log-in/challenges.ts';
import { keeperSecret } from '../../../../../box/accounts/log-in/secret.ts';
import { Sessions } from '../../../../../box/accounts/log-in/sessions.ts';
import { answer } from '../../../../../box/api/keeper/answer.ts';
import { addAccount, setPassword } from '../../../../../box/mail/users.ts';
import { hashOf } from '../../password-hash.ts';
import { TemporaryBox } from '../../temporary-box.ts';
import { type Lies, SoftwarePasskey } from './software-passkey.ts';

const password = 'correct-horse';
const hash = hashOf(password);
const me = { user: 'me@example.com', secret: password };
const you = { user: 'you@example.com', secret: password };
const host = 'box.example.com';

interface Told {
  readonly type?: string;
  readonly body?: Record<string, unknown> & { readonly challenge?: string };
  readonly refused?: string;
  readonly reason?: string;
}

async function keeper(t: ExecutionContext) {
  const { machine } = await TemporaryBox.booted(t);
  await setPassword(machine, me.user, hash);
  await addAccount(machine, you.user, hash, true);
  const clock = { now: Date.parse('2026-11-24T12:00:00Z') };
  const time = () => clock.now;
  const secret = await keeperSecret(machine);
  const log: string[] = [];
  const door = {
    ...{ machine, secret, now: time, log: (line: string) => void log.push(line) },
    sessions: new Sessions(secret, time, async () => undefined),
    attempts: new Attempts(time),
    challenges: new Challenges(time),
  };
  const ask = async (route: string, credentials?: object, params: object = {}, from = '198.51.100.1') =>
    (await answer(
      door,
      JSON.stringify({ route, params, from, ...(credentials === undefined ? {} : { credentials }) }),
    )) as Told;
  const challengeOf = ({ body }: Told) => body?.challenge ?? '';
  const add = async (key: SoftwarePasskey, as: object = me, lies: Lies = {}) => {
    const challenge = challengeOf(await ask('POST /mfa/webauthn/begin', as, { password }));
    return ask('POST /mfa/webauthn/enable', as, {
      credential: key.register(challenge, lies),
      label: 'phone',
    });
  };
  const begin = async (from?: string) =>
    challengeOf(await ask('POST /login/passkey/begin', undefined, {}, from));
  const logIn = async (credential: string, from?: string) =>
    (await ask('POST /login/passkey', undefined, { credential }, from)).body;
  return { machine, clock, log, ask, add, begin, logIn };
}

test('added with the password, it opens a session by itself; the password alone opens none any more', async (t) => {
  const { ask, add, begin, logIn, log } = await keeper(t);
  const session = { user: me.user, secret: (await ask('POST /login', me)).body?.api_key };
  const wrong = await ask('POST /mfa/webauthn/begin', session, { password: 'wrong-horse' });
  t.deepEqual(wrong, { refused: 'bad-request', reason: 'Incorrect password.' });
  t.is((await ask('POST /mfa/webauthn/begin', session)).refused, 'bad-request', 'a session alone makes none');
  const key = new SoftwarePasskey(host);
  t.like(await add(key, session), { type: 'text', body: 'OK' });
  t.is((await ask('GET /mail/users', session)).refused, 'unauthenticated', 'older sessions ended');
  t.like((await ask('POST /login', me)).body, { status: 'missing-passkey' });
  const refused = await ask('GET /mail/users', me);
  t.is(refused.refused, 'missing-passkey');
  t.regex(refused.reason ?? '', /API key or a token/);
  t.is((await ask('GET /mail/users', { ...me, code: '123456' })).refused, 'missing-passkey');

  const told = await logIn(key.answer(await begin()));
  t.like(told, { status: 'ok', email: me.user, privileges: ['admin'] });
  const by = { user: me.user, secret: told?.api_key };
  t.is((await ask('GET /mail/users', by)).type, 'text');
  const { body } = await ask('GET /me', by);
  t.is(
    (await ask('GET /mail/users', { user: me.user, secret: body?.api_key })).type,
    'text',
    'an API key works on',
  );
  // The count goes on, and ends nobody's session.
  t.like(await logIn(key.answer(await begin())), { status: 'ok' });
  t.is((await ask('GET /mail/users', by)).type, 'text');
  const [factor] = ((await ask('POST /mfa/status', by)).body?.enabled_mfa ?? []) as { id: number }[];
  t.like(factor, { type: 'webauthn', label: 'phone' });
  t.is((await ask('POST /mfa/disable', by, { 'mfa-id': String(factor?.id) })).type, 'text');
  t.like(await logIn(key.answer(await begin())), { status: 'invalid' });
  t.like((await ask('POST /login', me)).body, { status: 'ok' });
  t.true(log.some((line) => /logged in from 198\.51\.100\.1, by a passkey$/.test(line)));
});

test('an answer is good once, for its challenge, its page and its name, by its own key, with a count that grows', async (t) => {
  const { add, begin, logIn, log, clock, ask } = await keeper(t);
  const key = new SoftwarePasskey(host);
  const other = new SoftwarePasskey(host);
  await add(key);
  await add(other, you);
  const good = key.answer(await begin());
  t.like(await logIn(good), { status: 'ok' });
  const refused = async (credential: string, why: RegExp) => {
    // Each from elsewhere: ten failures are enough for one.
    const from = `198.51.100.${log.length + 2}`;
    t.deepEqual(await logIn(credential, from), {
      status: 'invalid',
      reason: 'The passkey is not accepted. Try again.',
      hostname: 'box.example.com',
    });
    t.regex(log.filter((line) => line.includes('was refused')).at(-1) ?? '', why);
    t.regex(log.at(-1) ?? '', new RegExp(`Failed login attempt from ip ${from} `), 'fail2ban hears of it');
  };
  await refused(good, /asked too long ago {1,2}or not at all/);
  await refused(key.answer('A'.repeat(43)), /not at all/);
  await refused(key.answer(await begin(), { origin: 'https://evil.example' }), /origin/);
  await refused(key.answer(await begin(), { origin: `http://${host}` }), /origin/);
  await refused(key.answer(await begin(), { rpId: 'evil.example' }), /RP ID/i);
  await refused(key.answer(await begin(), { type: 'webauthn.create' }), /type/);
  await refused(key.answer(await begin(), { flags: 0x01 }), /verif/);
  await refused(key.answer(await begin(), { flags: 0x04 }), /present/);
  await refused(key.answer(await begin(), {}, other), /signature/);
  await refused(new SoftwarePasskey(host).answer(await begin()), /no account has this key/);
  await refused(key.answer(await begin(), { counter: 1 }), /counter/);
  const forged = 'x\nMail-in-a-Box Management Daemon: Failed login attempt from ip 192.0.2.7 - timestamp 1';
  await refused(key.answer(await begin(), { origin: forged }), /origin/);
  t.false(
    log.some((line) => /\n|192\.0\.2\.7/.test(line)),
    'nobody has another one banned',
  );
  for (const junk of ['', '{}', 'null', '[]', '{"id":"a","response":{"clientDataJSON":"e30"}}'])
    await refused(junk, /was refused/);
  // A challenge for a new key is none for a log-in.
  const by = { user: me.user, secret: (await logIn(key.answer(await begin())))?.api_key };
  const { body } = await ask('POST /mfa/webauthn/begin', by, { password });
  await refused(key.answer(body?.challenge ?? ''), /not at all/);
  const late = key.answer(await begin());
  clock.now += 5 * 60_000;
  await refused(late, /too long ago/);
  t.like(await logIn(key.answer(await begin())), { status: 'ok', email: me.user });
  t.like(await logIn(other.answer(await begin())), { status: 'ok', email: you.user });
});

test('what is not right about a new key is told, and nothing is kept of it', async (t) => {
  const { ask, add } = await keeper(t);
  const key = new SoftwarePasskey(host);
  const why = async (lies: Lies) => {
    const { refused, reason } = await add(key, me, lies);
    t.is(refused, 'bad-request');
    return reason ?? '';
  };
  t.regex(await why({ origin: 'https://evil.example' }), /origin/);
  t.regex(await why({ rpId: 'evil.example' }), /RP ID/i);
  t.regex(await why({ flags: 0x41 }), /verif/);
  t.regex(await why({ type: 'webauthn.get' }), /type/);
  t.regex(await why({ challenge: 'A'.repeat(43) }), /not at all/);
  // Asked by one, answered by another.
  const mine = (await ask('POST /mfa/webauthn/begin', me, { password })).body?.challenge ?? '';
  const credential = key.register(mine);
  t.regex(
    (await ask('POST /mfa/webauthn/enable', you, { credential, label: '' })).reason ?? '',
    /not at all/,
  );
  t.deepEqual((await ask('POST /mfa/status', me)).body?.enabled_mfa, []);
  t.is((await add(key)).body as unknown, 'OK');
  t.regex((await add(key, you)).reason ?? '', /in use already/, 'one key is one account’s');
});

test('with one-time codes too, either opens; ten bad passkeys from one network and it waits', async (t) => {
  const { ask, add, begin, logIn, clock } = await keeper(t);
  const key = new SoftwarePasskey(host);
  await add(key);
  const by = { user: me.user, secret: (await logIn(key.answer(await begin())))?.api_key };
  const { new_mfa } = (await ask('POST /mfa/status', by)).body as { new_mfa: { totp: { secret: string } } };
  const { secret } = new_mfa.totp;
  const code = () => new TOTP({ secret }).generate({ timestamp: clock.now });
  t.is((await ask('POST /mfa/totp/enable', by, { secret, token: code(), label: '' })).type, 'text');
  t.like((await ask('POST /login', me)).body, { status: 'missing-totp-token' });
  clock.now += 60_000;
  t.like((await ask('POST /login', { ...me, code: code() })).body, { status: 'ok' });
  t.like(await logIn(key.answer(await begin())), { status: 'ok' });
  for (let i = 0; i < 10; i++) await logIn('{}');
  t.is(await logIn(key.answer(await begin())), undefined);
  t.like(await ask('POST /login/passkey', undefined, { credential: '{}' }), { refused: 'busy' });
  t.like(await logIn(key.answer(await begin('192.0.2.1')), '192.0.2.1'), { status: 'ok' });
});

test('one network can’t have the challenges of others forgotten', (t) => {
  const challenges = new Challenges(() => 0);
  const mine = challenges.make('x', '192.0.2.1');
  for (let i = 0; i < 500; i++) challenges.make('x', `2001:db8:1:1::${i}`);
  t.true(challenges.take(mine, 'x'));
  t.false(challenges.take(mine, 'x'), 'good once');
  const another = challenges.make('x', '192.0.2.1');
  t.false(challenges.take(another, 'y'), 'for one thing');
  t.false(challenges.take(another, 'x'), 'and spent by the wrong one');
});
