/** What the nightly look tells the owner, what is kept of a look, and the checks that ask the world. */
import test, { type ExecutionContext } from 'ava';
import { whyNotPublic } from '../../../../box/dns/addresses.ts';
import { changesSince, mailOf } from '../../../../box/health/changes.ts';
import {
  type Check,
  type CheckResult,
  error,
  ofStep,
  ok,
  warning,
} from '../../../../box/health/checks/check.ts';
import { answersIn, disksAreWell } from '../../../../box/health/checks/disk-health.ts';
import { mailCanLeave } from '../../../../box/health/checks/outbound.ts';
import { policiesAreSeen } from '../../../../box/health/checks/published.ts';
import { addressesHaveItsName, nobodyBlocksIt, reversed } from '../../../../box/health/checks/reputation.ts';
import type { Outcome } from '../../../../box/machine/machine.ts';
import { paths } from '../../../../box/machine/paths.ts';
import { knownClouds } from '../../../../builder/plan/plan.ts';
import { image, settings, TemporaryBox } from '../temporary-box.ts';

const queue = (text: string) => warning('mail queue', text, 'look');

test('only what changed is told; figures that go on are no change', (t) => {
  const clock = (time: string) => warning('clock', `follows no time server; it says ${time}`, 'x');
  t.deepEqual(changesSince([clock('2026-11-24T18:46:03.715Z')], [clock('2026-11-25T03:00:03.001Z')]), {
    fresh: [],
    gone: [],
  });
  const before = [
    queue('5 mails wait, the oldest for 6 hours'),
    error('disk', '9% is free', 'x'),
    ok('ssh', 'a'),
  ];
  const same = [
    queue('7 mails wait, the oldest for 30 hours'),
    error('disk', '8% is free', 'x'),
    ok('ssh', 'b'),
  ];
  t.deepEqual(changesSince(before, same), { fresh: [], gone: [] });
  t.is(mailOf('h.example', changesSince(before, same), 'now'), undefined);
  const other = [warning('disk', '20% is free', 'x'), error('name of 192.0.2.1', 'it is a.example', 'x')];
  const { fresh, gone } = changesSince(before, other);
  t.deepEqual(
    fresh.map(({ title, state }) => `${title} ${state}`),
    ['disk warning', 'name of 192.0.2.1 error'],
  );
  t.deepEqual(
    gone.map(({ title, state }) => `${title} ${state}`),
    ['mail queue warning', 'disk error'],
  );
  const moved = changesSince([error('x', 'listed: 192.0.2.1', 'y')], [error('x', 'listed: 192.0.2.2', 'y')]);
  t.is(moved.fresh.length, 1, 'an address is no figure');
  const old = (age: string) => warning('backups', `the last one is ${age} old`, 'x');
  t.deepEqual(changesSince([old('1 day')], [old('2 days')]), { fresh: [], gone: [] });
});

test('the first time errors alone are told', (t) => {
  const found = [warning('a', 'b', 'c'), error('d', 'e', 'f'), ok('g', 'h')];
  t.deepEqual(changesSince(undefined, found), { fresh: [found[1] as CheckResult], gone: [] });
});

test('the mail is one that any program reads, whatever a check says', (t) => {
  const mail = mailOf(
    'h.example',
    { fresh: [error('a', 'ü\r\nBcc: x@evil.example\n.\n', 'do')], gone: [] },
    'now',
  );
  const [head = '', body = ''] = (mail ?? '').split('\n\n');
  t.notRegex(head, /Bcc/);
  t.regex(head, /^To: administrator@h\.example$/m);
  t.regex(head, /^Subject: \[h\.example\] problems: 1 new$/m);
  t.regex(head, /^Auto-Submitted: auto-generated$/m);
  const text = Buffer.from(body, 'base64').toString();
  t.regex(text, /^ERROR a: ü {2}Bcc: x@evil\.example \. $/m);
  t.true(body.split('\n').every((line) => line.length <= 76));
});

test('box status --tell mails a change once, and again what could not be mailed', async (t) => {
  const box = await TemporaryBox.booted(t);
  let posted: string[] = [];
  let sendmail = 0;
  let down = false;
  box.answer = (argv, input) => {
    if (argv[0] === '/usr/sbin/sendmail') {
      posted.push(Buffer.from(input.split('\n\n')[1] ?? '', 'base64').toString());
      return { code: sendmail };
    }
    return argv.join(' ') === 'service dovecot status' && down ? { code: 3 } : undefined;
  };
  t.is(await box.box('status', '--tell'), 0, box.complaints.join());
  posted = [];
  t.is(await box.box('status', '--tell'), 0);
  t.deepEqual(posted, []);
  t.regex(box.said.join(), /nothing changed/);
  down = true;
  sendmail = 75;
  t.is(await box.box('status', '--tell'), 1);
  sendmail = 0;
  posted = [];
  t.is(await box.box('status', '--tell'), 0);
  t.regex(posted[0] ?? '', /ERROR dovecot: does not run/);
  posted = [];
  await box.box('status', '--tell');
  t.deepEqual(posted, []);
  down = false;
  await box.box('status', '--tell');
  t.regex(posted[0] ?? '', /GONE dovecot: does not run/);
});

test('box status --cached shows the last look and when it was, and looks at nothing', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('status', '--cached'), 1);
  t.regex(box.complaints.join(), /nothing was looked at/);
  await box.box('status', '--all', '--json');
  const seen = box.said.join('\n');
  await box.box('status', '--cached', '--json');
  t.is(box.said.join('\n'), seen);
  t.deepEqual(box.ran, []);
  await box.box('status', '--cached');
  t.is(box.said[0], 'checked at 2026-11-24T12:00:00.000Z');
});

async function look(
  t: ExecutionContext,
  check: Check,
  answer: (argv: readonly string[], box: TemporaryBox) => Partial<Outcome> | undefined,
  changed = {},
): Promise<readonly CheckResult[]> {
  const box = await TemporaryBox.booted(t);
  box.answer = (argv) => answer(argv, box);
  return check({ machine: box.machine, image, settings: { ...settings, ...changed }, now: () => box.now });
}
const short = (of: Readonly<Record<string, string>>) => (argv: readonly string[]) => {
  const found = Object.entries(of).find(([question]) => argv.join(' ').includes(question));
  return found === undefined ? undefined : { out: found[1] };
};

test('the address must have the box’s name', async (t) => {
  const named = (out: string) => look(t, addressesHaveItsName, short({ '-x 192.0.2.25': out }));
  t.like((await named('box.example.com.\n'))[0], { state: 'ok' });
  t.like((await named(''))[0], { state: 'error', title: 'name of 192.0.2.25' });
  t.like((await named('other.example.\n'))[0], { state: 'error' });
  t.like((await named('box.example.com.\nother.example.\n'))[0], { state: 'error' });
});

test('a private address is said to be private, and nobody is asked about it', async (t) => {
  for (const address of ['10.0.2.15', '172.31.0.1', '192.168.1.2', '100.64.0.1']) {
    const box = await TemporaryBox.booted(t);
    const netmask = '255.255.255.0';
    const card = { address, netmask, cidr: `${address}/24`, mac: '02:00:00:00:00:01', internal: false };
    // What QEMU gives its guests; nothing of it is published.
    const six = ['fec0::5054:ff:fe12:3456', 'fd00::1', 'fe80::1'].map((one) => ({
      ...{ family: 'IPv6' as const, address: one, netmask: '', cidr: null, scopeid: 0 },
      ...{ mac: card.mac, internal: false },
    }));
    box.interfaces = { eth0: [{ family: 'IPv4', ...card }, ...six] };
    const subject = { machine: box.machine, image, settings, now: () => box.now };
    box.ran.length = 0;
    t.deepEqual(await addressesHaveItsName(subject), [
      ...ofStep(
        'reverse-name',
        ok(`name of ${address}`, 'is private: no other server sees it, so that it needs none'),
      ),
    ]);
    t.deepEqual(box.ran, []);
    const [first, ...others] = await nobodyBlocksIt(subject);
    t.deepEqual(first, ok(`block lists for ${address}`, 'is private: no list has it'));
    t.true(others.length > 0, 'its domains are asked about all the same');
    t.false(box.ran.some((line) => line.includes('zen.spamhaus.org')));
  }
  for (const [address, why] of [
    ['fec0::1', 'is private'],
    ['feff::1', 'is private'],
    ['fc00::1', 'is private'],
    ['fdff::1', 'is private'],
    ['fe80::1', 'is of one link only'],
    ['febf::1', 'is of one link only'],
    ['169.254.0.1', 'is of one link only'],
    ['172.15.0.1', undefined],
    ['172.32.0.1', undefined],
    ['100.128.0.1', undefined],
    ['2001:db8::1', undefined],
  ] as const)
    t.is(whyNotPublic(address), why, address);
});

test('block lists: listed, not listed, and a list that does not answer', async (t) => {
  const say = (status: string, answer = '') =>
    `;; ->>HEADER<<- opcode: QUERY, status: ${status}, id: 1\n${answer}`;
  const record = (value: string) => say('NOERROR', `25.2.0.192.zen.spamhaus.org. 60 IN A ${value}\n`);
  const zen = async (out: string) =>
    (await look(t, nobodyBlocksIt, short({ '25.2.0.192.zen.spamhaus.org': out, dbl: say('NXDOMAIN') })))[0];
  t.like(await zen(say('NXDOMAIN')), { state: 'ok', title: 'block lists for 192.0.2.25' });
  t.like(await zen(record('127.0.0.2')), { state: 'error' });
  t.like(await zen(record('127.255.255.254')), { state: 'warning' });
  t.like(await zen(say('SERVFAIL')), { state: 'warning' });
  t.like(await zen(''), { state: 'warning' });
  t.is(reversed('192.0.2.25'), '25.2.0.192');
  t.is(reversed('2001:db8::1'), '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2');
});

test('policies that the world does not see are named', async (t) => {
  t.like((await look(t, policiesAreSeen, () => undefined))[0], {
    state: 'warning',
    text: 'the world sees none of them',
  });
  const dmarc = short({
    '_dmarc.example.com TXT': '"v=DMARC1; p=quarantine; rua=mailto:mail-reports@box.example.com"\n',
  });
  const some = await look(t, policiesAreSeen, dmarc);
  t.true(some.some(({ state, text }) => state === 'error' && /^MX of example\.com /.test(text)));
  t.true(
    some.some(({ state, text }) => state === 'warning' && /^TLSRPT of _smtp\._tls\.example\.com /.test(text)),
  );
  t.false(some.some(({ text }) => /^DMARC of _dmarc\.example\.com/.test(text)));
});

test('mail out that no server takes is an error', async (t) => {
  t.like((await look(t, mailCanLeave, () => undefined))[0], { state: 'warning' });
  // Nothing listens there.
  const shut = short({ 'gmail.com MX': '5 localhost.\n' });
  t.like((await look(t, mailCanLeave, shut))[0], { state: 'error', title: 'mail out' });
  const relay = { host: 'localhost', port: 9, username: 'u', password: 'p' };
  t.like((await look(t, mailCanLeave, () => undefined, { relay }))[0], { state: 'error' });
});

test('where port 25 is shut, the way to have it opened is that of the cloud that the firmware names', async (t) => {
  const shut = short({ 'gmail.com MX': '5 localhost.\n' });
  const at = async (field: string, word: string) =>
    (
      await look(t, mailCanLeave, (argv, box) => {
        box.write('/usr/lib/box/clouds.json', JSON.stringify(knownClouds()));
        box.write(`/sys/class/dmi/id/${field}`, `${word}\n`);
        return shut(argv);
      })
    )[0]?.remedy;
  t.is(
    await at('sys_vendor', 'Akamai'),
    'at Linode (Akamai) port 25 to others is closed until asked for: ask its support by a ticket, after the address record and the reverse name are set; 465 and 587 are closed too; or set outbound.relay: mail leaves by a relay host',
  );
  t.regex(
    (await at('chassis_asset_tag', '7783-7084-3265-9085-8269-3286-77')) ?? '',
    /^at Microsoft Azure port 25 to others is closed for good: /,
  );
  t.regex((await at('sys_vendor', 'QEMU')) ?? '', /^ask your provider /);
});

test('disks that say that they fail', async (t) => {
  const saying =
    (text: string, code = 0) =>
    (argv: readonly string[], box: TemporaryBox) => {
      if (!argv.includes('box-disk-health')) return undefined;
      box.write(paths.diskHealth, text);
      return { code };
    };
  t.deepEqual(answersIn('/dev/sda 0\n/dev/nvme0 8\nnonsense\n'), [
    ['/dev/sda', 0],
    ['/dev/nvme0', 8],
  ]);
  t.like((await look(t, disksAreWell, saying('/dev/sda 0\n')))[0], {
    state: 'ok',
    text: '/dev/sda says that it is well',
  });
  t.like((await look(t, disksAreWell, saying('/dev/sda 8\n')))[0], { state: 'error' });
  t.like((await look(t, disksAreWell, saying('/dev/sda 2\n')))[0], { state: 'ok' });
  t.like((await look(t, disksAreWell, saying('', 1)))[0], { state: 'warning' });
});
