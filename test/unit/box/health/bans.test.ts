/** Bans on the box: fail2ban's words in, the owner's out; and who is never banned. */
import test from 'ava';
import { covers } from '../../../../box/health/bans.ts';
import { allowListText, unlimitedText } from '../../../../box/init/steps/allow-list.ts';
import { networkOf } from '../../../../box/machine/network.ts';
import { TemporaryBox } from '../temporary-box.ts';

const status = (list: string) => `Status for the jail: x
|- Filter
|  |- Currently failed:\t1
|  \`- File list:\t/var/log/failed-logins.log
\`- Actions
   |- Currently banned:\t2
   \`- ${list}
`;

/** fail2ban 1.0, with somebody banned; the older one says `IP list:`. */
const withBans: TemporaryBox['answer'] = ([program, verb, jail]) => {
  if (program !== 'fail2ban-client' || verb !== 'status') return undefined;
  if (jail === undefined) return { out: 'Status\n|- Number of jail:\t2\n`- Jail list:\tmail, sshd\n' };
  return jail === 'mail'
    ? { out: status('Banned IP list:\t198.51.100.7 2001:db8:1:2::') }
    : { out: status('IP list:\t198.51.100.7') };
};

test('box ban list and box ban lift', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = withBans;
  t.is(await box.box('ban', 'list'), 0);
  t.deepEqual(box.said, ['198.51.100.7 from mail', '2001:db8:1:2::/64 from mail', '198.51.100.7 from sshd']);
  t.is(await box.box('ban', 'list', '--json'), 0);
  t.deepEqual(JSON.parse(box.said.join('')).at(-1), { jail: 'sshd', address: '198.51.100.7' });

  t.is(await box.box('ban', 'lift', '198.51.100.7'), 0);
  t.deepEqual(box.said, ['198.51.100.7 is let in again: mail, sshd']);
  t.deepEqual(
    box.ran.filter((line) => line.includes('unban')),
    ['fail2ban-client set mail unbanip 198.51.100.7', 'fail2ban-client set sshd unbanip 198.51.100.7'],
  );
  for (const written of ['2001:db8:1:2::9', '2001:DB8:1:2:0:0:0:0', '2001:db8:1:2::/64']) {
    t.is(await box.box('ban', 'lift', written), 0, written);
    t.true(box.ran.includes('fail2ban-client set mail unbanip 2001:db8:1:2::'));
  }
});

test('box ban lift refuses what is no address and what is not banned, and lifts nothing', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = withBans;
  for (const [operand, complaint] of [
    ['198.51.100.8', 'box: 198.51.100.8 is not banned -> see who is: box ban list'],
    ['2001:db8:1:3::1', 'box: 2001:db8:1:3::1 is not banned -> see who is: box ban list'],
    ['--all', undefined],
    ['mail', 'box: mail is not an IP address -> see who is banned: box ban list'],
    [
      '198.51.100.7; reboot',
      'box: 198.51.100.7; reboot is not an IP address -> see who is banned: box ban list',
    ],
  ] as const) {
    t.not(await box.box('ban', 'lift', operand), 0, operand);
    if (complaint !== undefined) t.deepEqual(box.complaints, [complaint]);
    t.false(box.ran.some((line) => line.includes('unban')));
  }
});

test('while fail2ban is down, box ban says so and box status has an error', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = ([program]) => (program === 'fail2ban-client' ? { code: 255 } : undefined);
  t.is(await box.box('ban', 'list'), 1);
  t.regex(box.complaints.join(), /^box: fail2ban does not run -> .*service fail2ban start$/);
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /^error {4}brute force: fail2ban does not run: nobody who tries passwords is stopped$/m,
  );
});

test('box status counts who is banned, each once', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = withBans;
  await box.box('status');
  t.true(
    box.said.includes('ok       brute force: fail2ban runs; 2 banned: box ban list'),
    box.said.join('\n'),
  );
});

test('an IPv6 address stands for its /64, however it is written', (t) => {
  const cases: Record<string, string> = {
    '2001:db8::1': '2001:db8:0:0::/64',
    '2001:DB8:0:1::': '2001:db8:0:1::/64',
    '2001:0db8:0000:0001:0002:3:4:5': '2001:db8:0:1::/64',
    '2001::1:2:3:4:5': '2001:0:0:1::/64',
    '::1': '0:0:0:0::/64',
    '::ffff:192.0.2.1': '0:0:0:0::/64',
    '2001:db8:1:2:3::/80': '2001:db8:1:2::/64',
    '2001:db8::/32': '2001:db8::/32',
    '192.0.2.1': '192.0.2.1',
    '192.0.2.0/24': '192.0.2.0/24',
  };
  for (const [entry, network] of Object.entries(cases)) t.is(networkOf(entry), network);
  t.true(covers({ jail: 'mail', address: '2001:db8:1:2::' }, '2001:db8:1:2:ffff::1'));
  t.false(covers({ jail: 'mail', address: '2001:db8:1:2::' }, '192.0.2.1'));
});

test('the allow-list: loopback, the box’s own addresses, and whom the settings name', (t) => {
  const text = allowListText(
    { bruteForce: { allow: ['192.0.2.7', '2001:db8:5::7', '198.51.100.0/24', '2001:db8:6::/48'] } },
    [
      { family: 4, address: '10.0.0.2' },
      { family: 6, address: '2001:db8:9::2' },
    ],
    '203.0.113.5',
  );
  t.is(/^allow4 = (.*)$/m.exec(text)?.[1], '127.0.0.0/8 10.0.0.2 203.0.113.5 192.0.2.7 198.51.100.0/24');
  t.is(/^allow6 = (.*)$/m.exec(text)?.[1], '::/64 2001:db8:5:0::/64 2001:db8:6::/48');
});

test('the fence counts no connections of whom the settings name: one network a line', (t) => {
  const allow = ['192.0.2.7', '2001:db8:5::7', '198.51.100.0/24'];
  t.is(unlimitedText({ bruteForce: { allow } }), '192.0.2.7\n2001:db8:5:0::/64\n198.51.100.0/24\n');
  t.is(unlimitedText({}), '');
});

test('a changed allow-list reaches fail2ban without a restart', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ bruteForce: { allow: ['203.0.113.7'] } });
  t.is(await box.box('init'), 0);
  t.regex(
    box.read('/etc/fail2ban/jail.d/00-allow.conf'),
    /^allow4 = 127\.0\.0\.0\/8 192\.0\.2\.25 203\.0\.113\.7$/m,
  );
  t.is(box.read('/etc/box/firewall/unlimited'), '203.0.113.7\n');
  t.true(box.ran.includes('service fail2ban reload'));
  box.settle({ bruteForce: { allow: ['203.0.113.7 evil'] } });
  t.is(await box.box('init'), 1);
});
