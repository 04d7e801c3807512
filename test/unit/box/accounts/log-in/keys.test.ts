import { createHmac } from 'node:crypto';
import test from 'ava';
import fc from 'fast-check';
import { TOTP } from 'otpauth';
import { apiKey, isSame, sessionProof } from '../../../../../box/accounts/log-in/api-key.ts';
import { Attempts, customerOf } from '../../../../../box/accounts/log-in/attempts.ts';
import { Queue } from '../../../../../box/accounts/log-in/queue.ts';
import { Sessions } from '../../../../../box/accounts/log-in/sessions.ts';
import { isSecret, newSecret, provisioningUri, stepOf } from '../../../../../box/accounts/log-in/totp.ts';

const stored = `{SHA512-CRYPT}$6$salt$${'x'.repeat(86)}`;
const me = { email: 'me@example.com', stored, privileges: ['admin'], factors: [] };
const factor = { id: 1, type: 'totp', secret: 'A'.repeat(32), lastUse: null, label: null };

test('the API key is the guide’s: HMAC-SHA256 over address and current hash, keyed by the box’s secret', (t) => {
  const wanted = createHmac('sha256', 'c2VjcmV0').update(`AUTH:me@example.com ${stored}`).digest('hex');
  t.is(apiKey('c2VjcmV0', me), wanted);
});

test('key and session end with the password, the address, the secret and the second factor', (t) => {
  for (const make of [apiKey, sessionProof]) {
    const others = [
      make('other', me),
      make('secret', { ...me, stored: stored.replace('x', 'y') }),
      make('secret', { ...me, email: 'you@example.com' }),
      make('secret', { ...me, factors: [factor] }),
      make('secret', { ...me, factors: [{ ...factor, secret: 'B'.repeat(32) }] }),
    ];
    t.is(new Set([make('secret', me), ...others]).size, 6);
    // Not with what changes at every log-in, nor with a privilege, which is looked up.
    t.is(make('secret', { ...me, privileges: [] }), make('secret', me));
    t.is(
      make('secret', { ...me, factors: [{ ...factor, lastUse: '123456' }] }),
      make('secret', { ...me, factors: [factor] }),
    );
  }
  t.not(apiKey('secret', me), sessionProof('secret', me));
});

test('texts are the same or not', (t) => {
  t.true(isSame('', ''));
  t.true(isSame('é', 'é'));
  fc.assert(fc.property(fc.string(), fc.string(), (a, b) => isSame(a, b) === (a === b)));
});

function sessions(kept: string[] = []) {
  const clock = { now: 1_000_000 };
  const made = new Sessions(
    'secret',
    () => clock.now,
    async (text) => void kept.push(text),
  );
  return { made, clock, kept };
}

test('a session lives while it is used, ends at log-out, with the password, and after two days', async (t) => {
  const { made, clock } = sessions();
  const key = await made.begin(me);
  t.true(Sessions.isKey(key));
  t.is(made.emailOf(key), me.email);
  t.true(await made.isOf(key, me));
  t.false(await made.isOf(key, { ...me, email: 'you@example.com' }));
  clock.now += 47 * 3600_000;
  t.true(await made.isOf(key, me));
  clock.now += 47 * 3600_000;
  t.true(await made.isOf(key, me), 'renewed');
  clock.now += 49 * 3600_000;
  t.false(await made.isOf(key, me));
  t.is(made.emailOf(key), undefined);

  const again = await made.begin(me);
  t.false(await made.isOf(again, { ...me, stored: `${stored}z` }), 'a new password');
  t.false(await made.isOf(again, me), 'the old one does not bring it back');

  const third = await made.begin(me);
  await made.end(third);
  t.false(await made.isOf(third, me));
});

test('sessions outlive a restart; what is kept of them logs nobody in', async (t) => {
  const { made, kept, clock } = sessions();
  const key = await made.begin(me);
  const file = kept.at(-1) ?? '';
  t.false(file.includes(key.slice(10)));
  const later = sessions();
  later.clock.now = clock.now;
  later.made.restore(file);
  t.true(await later.made.isOf(key, me));
  for (const damaged of ['', '{', '[1]', '[{"id":1}]', undefined]) {
    const empty = sessions().made;
    empty.restore(damaged);
    t.false(await empty.isOf(key, me), damaged);
  }
});

test('a session that began while the clock was ahead lasts no longer than any other', async (t) => {
  const { made, kept, clock } = sessions();
  clock.now += 5 * 365 * 24 * 3600_000;
  const key = await made.begin(me);
  clock.now = 1_000_000;
  t.true(await made.isOf(key, me), 'the clock that is set right ends none');
  await made.begin({ ...me, email: 'you@example.com' });
  const later = sessions();
  later.made.restore(kept.at(-1));
  later.clock.now += 49 * 3600_000;
  t.false(await later.made.isOf(key, me));
});

test('sessions that begin at the same moment are kept, all of them, whichever write takes longest', async (t) => {
  let file = '';
  let longest = 30;
  const made = new Sessions(
    'secret',
    () => 1_000_000,
    async (text) => {
      longest--;
      await new Promise((resolve) => setTimeout(resolve, longest));
      file = text;
    },
  );
  const keys = await Promise.all(Array.from({ length: 30 }, () => made.begin(me)));
  const later = sessions().made;
  later.restore(file);
  for (const key of keys) t.true(await later.isOf(key, me));
});

test('one account’s sessions are limited and push out no other’s', async (t) => {
  const { made } = sessions();
  const you = { ...me, email: 'you@example.com' };
  const yours = await made.begin(you);
  const first = await made.begin(me);
  for (let i = 0; i < 32; i++) await made.begin(me);
  t.false(await made.isOf(first, me));
  t.true(await made.isOf(yours, you));
});

test('log-ins that fail are counted by account and address, then by address alone; they are forgotten', (t) => {
  let now = 0;
  const attempts = new Attempts(() => now);
  const [here, there] = ['198.51.100.1', '198.51.100.2'];
  for (let i = 0; i < 10; i++) {
    t.is(attempts.waits(here, 'me'), 0, `${i}`);
    attempts.failed(here, 'me');
    now += 1000;
  }
  t.is(attempts.waits(here, 'me'), 590);
  t.is(attempts.waits(there, 'me'), 0, 'the owner, elsewhere, is not locked out');
  t.is(attempts.waits(here, 'you'), 0);
  for (let i = 0; i < 30; i++) attempts.failed(here, `guess ${i}`);
  t.true(attempts.waits(here, 'you') > 0, 'the address tries too much');
  t.is(attempts.waits(there, 'you'), 0);
  now += 600_000;
  t.is(attempts.waits(here, 'me'), 0);
  attempts.failed(here, 'me');
  attempts.succeeded(here, 'me');
  for (let i = 0; i < 9; i++) attempts.failed(here, 'me');
  t.is(attempts.waits(here, 'me'), 0);
});

test('of IPv6 a /64 counts as one', (t) => {
  const same = ['2001:db8::1', '2001:db8:0:0:ffff::', '2001:0db8:0000:0000:1:2:3:4', '2001:DB8::1%eth0'];
  t.deepEqual([...new Set(same.map(customerOf))], ['2001:db8:0:0::/64']);
  t.is(customerOf('2001:db8:0:1::1'), '2001:db8:0:1::/64');
  t.is(customerOf('::1'), '0:0:0:0::/64');
  t.is(customerOf('::ffff:198.51.100.7'), '198.51.100.7');
  t.is(customerOf('198.51.100.7'), '198.51.100.7');
});

test('a one-time code is right for its time and the steps beside it', (t) => {
  const secret = newSecret();
  t.true(isSecret(secret));
  const now = 1_764_000_000_000;
  const code = new TOTP({ secret }).generate({ timestamp: now });
  for (const [shift, right] of [
    [-60, false],
    [-30, true],
    [0, true],
    [30, true],
    [60, false],
  ] as const) {
    // Within a step: 15 s from its borders.
    const middle = Math.floor(now / 30_000) * 30_000 + 15_000;
    t.is(stepOf(secret, code, middle + shift * 1000) !== undefined, right, `${shift}`);
  }
  for (const wrong of ['', '12345', '1234567', 'abcdef', `${code} `, '１２３４５６'])
    t.is(stepOf(secret, wrong, now), undefined);
  t.regex(
    provisioningUri(secret, 'me@example.com', 'box.example.com'),
    /^otpauth:\/\/totp\/box\.example\.com:me%40example\.com\?issuer=box\.example\.com&secret=[A-Z2-7]{32}&/,
  );
});

test('RFC 6238’s own example', (t) => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  t.is(stepOf(secret, '287082', 59_000), 1);
  t.is(stepOf(secret, '081804', 1_111_111_109_000), 37_037_036);
});

test('a queue lets a few in, makes some wait, and sends the rest away', async (t) => {
  const queue = new Queue(2, 1);
  const opened: (() => void)[] = [];
  const work = () => new Promise<void>((resolve) => void opened.push(resolve));
  const turns = [queue.turn(work), queue.turn(work), queue.turn(work)];
  await t.throwsAsync(queue.turn(work), { message: 'Too many log-ins at once.' });
  t.is(opened.length, 2);
  opened[0]?.();
  await turns[0];
  await Promise.resolve();
  t.is(opened.length, 3);
  for (const open of opened) open();
  await Promise.all(turns);
  await t.notThrowsAsync(queue.turn(async () => undefined));
});
