/** What was noted while the clock was ahead, and is looked at by one that is right: nothing waits for it, or lasts until then. */
import test from 'ava';
import { isInForce, newToken } from '../../../../box/accounts/log-in/tokens.ts';
import { readSamples, takeSample } from '../../../../box/health/samples/sample.ts';
import { putRollover, readRollovers } from '../../../../box/keys/rollovers.ts';
import { putKeyChange, readKeyChange } from '../../../../box/keys/tls/change.ts';
import { nextTry } from '../../../../box/renew/acme/due.ts';
import { TemporaryBox } from '../temporary-box.ts';
import { makeRollingBox } from './rolling-box.ts';

const day = 86_400_000;
const now = new Date('2026-11-24T12:00:00Z');
const ahead = new Date('2031-01-05T00:00:00Z');

test('an authority that was asked then may be asked now', (t) => {
  const state = { failures: 6, skipped: [] };
  t.is(nextTry({ ...state, tried: ahead.toISOString() }, false, now), undefined);
  t.true((nextTry({ ...state, tried: now.toISOString() }, false, now) ?? now) > now);
});

test('a token with an end, made then, is in force no more; a clock that goes back by minutes ends none', (t) => {
  const me = { email: 'me@example.com', stored: '{SHA512-CRYPT}x', privileges: ['admin'], factors: [] };
  const tokenOf = (created: number, expires?: number) => {
    const ends = expires === undefined ? {} : { expires };
    return newToken(me, { label: 'x', scopes: ['status'], created, ...ends }).token;
  };
  const time = now.getTime();
  t.false(isInForce(tokenOf(ahead.getTime(), ahead.getTime() + 30 * day), me, time));
  t.true(isInForce(tokenOf(ahead.getTime()), me, time), 'it was to have no end');
  t.true(isInForce(tokenOf(time + 600_000, time + 30 * day), me, time));
});

test('samples of then are not shown, and hide none of now', async (t) => {
  const { machine, ...box } = await TemporaryBox.booted(t);
  const df = 'x\n/dev/sda 100 25 75 25% /\n';
  machine.run = async (argv) => (argv[0] === 'df' ? df : '');
  await takeSample(machine, ahead);
  await takeSample(machine, new Date(ahead.getTime() + day));
  await takeSample(machine, now);
  const seen = await readSamples(machine, 1, now);
  t.deepEqual(
    seen.map(({ time }) => time),
    [now.getTime() / 1000],
  );
  t.truthy(box.root);
});

test('a change of the TLS key that began to wait then waits from now on, and not until then', async (t) => {
  const box = await TemporaryBox.booted(t);
  const { machine } = box;
  const keys = { old: 'a'.repeat(64), new: 'b'.repeat(64), started: ahead.toISOString() };
  await putKeyChange(machine, { phase: 'retiring', ...keys, since: ahead.toISOString() });
  box.answer = ([program]) => (program === 'dig' ? { code: 9 } : undefined);
  t.is(await box.box('tls', 'renew'), 0, box.complaints.join('\n'));
  t.is((await readKeyChange(machine))?.since, box.now.toISOString());
  box.now = new Date(box.now.getTime() + day);
  t.is(await box.box('tls', 'renew'), 0, box.complaints.join('\n'));
  t.is(await readKeyChange(machine), undefined);
});

test('a key rollover whose wait began then, in any phase, waits from now on, and can be given up in time', async (t) => {
  for (const phase of ['introducing', 'awaiting', 'retiring'] as const) {
    const { box } = await makeRollingBox(t);
    t.is(await box.box('dns', 'rollover', 'ksk'), 0, box.complaints.join());
    const { ksk } = await readRollovers(box.machine);
    if (ksk === undefined) throw new Error('no rollover');
    await putRollover(box.machine, 'ksk', { ...ksk, phase, since: ahead.toISOString(), dsTtl: 3600 });
    t.is(await box.box('dns', 'update'), 0, box.complaints.join());
    const now = await readRollovers(box.machine);
    t.is(now.ksk?.since, box.now.toISOString(), phase);
  }
});

test('a backup of then does not pass for one of today', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write(
    '/home/user-data/backup/state.json',
    JSON.stringify({ started: ahead.toISOString(), succeeded: ahead.toISOString() }),
  );
  await box.box('status');
  t.regex(box.said.join('\n'), /^warning {2}backups: the last one is of 2031-01-05.*yet to come/m);
});
