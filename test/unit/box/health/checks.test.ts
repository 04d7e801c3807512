/** The checks of the machine itself: ssh, clock, queue, memory, updates; each when it is well and when it is not. */
import test, { type ExecutionContext } from 'ava';
import type { Check, CheckResult } from '../../../../box/health/checks/check.ts';
import { clockIsRight } from '../../../../box/health/checks/clock.ts';
import { imageIsKnown } from '../../../../box/health/checks/image.ts';
import { memoryIsLeft } from '../../../../box/health/checks/memory.ts';
import { arrivalsIn, queueMoves } from '../../../../box/health/checks/queue.ts';
import { sshTakesKeysOnly } from '../../../../box/health/checks/ssh.ts';
import { securityUpdates, updatesAreIn } from '../../../../box/health/checks/updates.ts';
import { availablePercent } from '../../../../box/machine/meters.ts';
import { image, settings, TemporaryBox } from '../temporary-box.ts';

async function look(
  t: ExecutionContext,
  check: Check,
  answer: TemporaryBox['answer'] = () => undefined,
  spoil: (box: TemporaryBox) => void = () => undefined,
): Promise<CheckResult> {
  const box = TemporaryBox.fresh(t);
  box.answer = answer;
  spoil(box);
  const results = await check({ machine: box.machine, image, settings, now: () => box.now });
  t.is(results.length, 1);
  const [result] = results as [CheckResult];
  // Whatever is not well comes with what to do.
  t.is(result.remedy === undefined, result.state === 'ok');
  return result;
}

const saying = (out: string) => () => ({ out });

test('ssh that takes passwords is a warning, in the words of old and new versions', async (t) => {
  const keysOnly = 'port 22\npasswordauthentication no\nkbdinteractiveauthentication no\n';
  t.like(await look(t, sshTakesKeysOnly, saying(keysOnly)), { state: 'ok', text: 'takes keys only' });
  for (const way of [
    'passwordauthentication',
    'kbdinteractiveauthentication',
    'challengeresponseauthentication',
  ]) {
    const sshd = saying(`passwordauthentication no\n${way} yes\n`);
    const result = await look(t, sshTakesKeysOnly, sshd);
    t.is(result.state, 'warning', way);
    t.regex(result.text, /^takes passwords/);
  }
  t.is((await look(t, sshTakesKeysOnly, saying(''))).state, 'warning');
});

test('a clock that follows no time server is a warning', async (t) => {
  t.is((await look(t, clockIsRight)).state, 'ok');
  const result = await look(t, clockIsRight, () => ({ code: 1 }));
  t.like(result, { state: 'warning', text: 'follows no time server; it says 2026-11-24T12:00:00.000Z' });
});

test('a clock that the root of the DNS contradicts is an error, which says what to do', async (t) => {
  const rootSigned =
    (expiration: string, inception: string) =>
    ([program]: readonly string[]) =>
      program === 'dig'
        ? { out: `.\t\t86400\tIN\tRRSIG\tSOA 8 0 86400 ${expiration} ${inception} 1234 . AAAA\n` }
        : { code: 1 };
  for (const [expiration, inception] of [
    ['20311211050000', '20311128040000'],
    ['20200111050000', '20191228040000'],
  ] as const) {
    const result = await look(t, clockIsRight, rootSigned(expiration, inception));
    t.is(result.state, 'error');
    t.regex(result.text, /^is wrong: it says 2026-11-24T12.* signed about (2031-11-28|2019-12-28);/);
    t.regex(result.remedy ?? '', /date -u -s/);
  }
  t.is((await look(t, clockIsRight, rootSigned('20261207050000', '20261124040000'))).state, 'warning');
});

test('mail that waits for hours is a warning', async (t) => {
  const head = '-Queue ID-  --Size-- ----Arrival Time---- -Sender/Recipient-------\n';
  const entry = (id: string, when: Date) => {
    const [day, month, date, , time] = when.toString().split(' ');
    return `${id}     1234 ${day} ${month} ${date} ${time}  me@example.com\n    (connect timed out)\n             you@elsewhere.example\n\n`;
  };
  const hoursAgo = (hours: number) => new Date(Date.parse('2026-11-24T12:00:00Z') - hours * 3_600_000);
  t.like(await look(t, queueMoves, saying('Mail queue is empty\n')), { state: 'ok', text: 'empty' });
  const young = saying(`${head}${entry('4ABC', hoursAgo(1))}-- 1 Kbytes in 1 Request.\n`);
  t.like(await look(t, queueMoves, young), { state: 'ok', text: '1 mail waits' });
  const old = saying(`${head}${entry('4ABC*', hoursAgo(1))}${entry('4DEF!', hoursAgo(30))}`);
  t.like(await look(t, queueMoves, old), { state: 'warning', text: '2 mails wait, the oldest for 30 hours' });
  const newYear = new Date('2027-01-01T06:00:00Z');
  const before = new Date('2026-12-31T06:00:00Z');
  t.deepEqual(arrivalsIn(entry('4ABC', before), newYear), [before]);
});

test('little memory is a warning, hardly any an error', async (t) => {
  const left = (kilobytes: number) =>
    look(t, memoryIsLeft, undefined, (box) =>
      box.write('/proc/meminfo', `MemTotal:     1000 kB\nMemFree:   1 kB\nMemAvailable:  ${kilobytes} kB\n`),
    );
  t.like(await left(200), { state: 'ok', text: '20% is left' });
  t.like(await left(199), { state: 'warning', text: '19% is left' });
  t.like(await left(99), { state: 'error', text: '9% is left' });
  t.is(availablePercent('MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 250 kB\n'), 40);
  t.is(availablePercent('nonsense'), undefined);
});

test('security updates that wait, or wait for a reboot, are a warning', async (t) => {
  const plain = 'Inst tzdata [2026a] (2026b Debian:12.9/stable [all])\n';
  const security =
    'Inst openssl [3.0.1] (3.0.2 Debian-Security:12/stable-security [amd64])\nInst libssl3 (3.0.2 Debian-Security:12/stable-security [amd64])\nConf openssl (3.0.2 Debian-Security:12/stable-security [amd64])\n';
  const older = 'Inst bash [4.3-7] (4.3-7.8 Ubuntu:14.04/trusty-security [amd64])\n';
  t.deepEqual(securityUpdates(plain + security + older), ['openssl', 'libssl3', 'bash']);
  t.is((await look(t, updatesAreIn, saying(plain))).state, 'ok');
  t.like(await look(t, updatesAreIn, saying(security)), {
    state: 'warning',
    text: '2 to install: openssl, libssl3',
  });
  const restart = (box: TemporaryBox) => box.write('/run/reboot-required', '');
  t.like(await look(t, updatesAreIn, saying(plain), restart), { state: 'warning' });
});

test('the image is told by its number, and how old its packages are where the image says so', async (t) => {
  const laid = (date?: string) => (box: TemporaryBox) => {
    box.write('/usr/lib/box/image-id', '305beb5bfb21acc6\n');
    if (date !== undefined) box.write('/usr/lib/box/packages-date', date);
  };
  const told = async (date?: string) => (await look(t, imageIsKnown, undefined, laid(date))).text;
  const which = `${image.name}, Letterbox ${image.version} for ${image.release} (305beb5bfb21acc6)`;
  t.is(await told('2026-11-20\n'), `${which}, its newest package of 2026-11-20, 4 days ago`);
  t.is(await told('2026-11-23\n'), `${which}, its newest package of 2026-11-23, 1 day ago`);
  t.is(await told('2026-12-01\n'), `${which}, its newest package of 2026-12-01`);
  t.is(await told(), which);
  t.is(await told('\n'), which);
});
