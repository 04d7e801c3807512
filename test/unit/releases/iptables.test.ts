/** The fence where it is made of iptables: the rules that are loaded, closed and open, and who comes to which port on loopback. */
import test from 'ava';
import { loadConfig } from '../../../builder/config/load.ts';
import { makePlan } from '../../../builder/plan/plan.ts';
import { connectionLimits } from '../../../builder/roles/firewall.ts';
import { sendersDoors } from '../../../builder/roles/senders.ts';
import { releases } from '../../../releases/index.ts';
import type { Release } from '../../../releases/release.ts';

const release = releases.get('ubuntu-14.04') as Release;
const plan = makePlan(loadConfig('examples/guide.yaml').config, release);
const text = (name: string): string => {
  const file = plan.files.find((one) => one.path === name);
  if (file === undefined) throw new Error(`${name} is not in the plan`);
  return file.text;
};

test('the closed fence lets in ssh alone; the open one adds exactly the public ports', (t) => {
  for (const family of ['v4', 'v6']) {
    const rules = text(`/etc/box/firewall/closed.${family}`);
    t.regex(rules, /^:INPUT DROP /m);
    t.regex(rules, /^:FORWARD DROP /m);
    t.deepEqual(
      [...rules.matchAll(/^-A INPUT .*-p tcp .*--dport (\d+)/gm)].map(([, port]) => port),
      ['22'],
      family,
    );
    t.is(rules.match(/^-A INPUT .*$/gm)?.at(-1), '-A INPUT -j box-public', family);
  }
  const open = [
    ...text('/etc/box/firewall/open.rules').matchAll(
      /^-A box-public -p (tcp|udp) .*--dport (\d+) -j ACCEPT$/gm,
    ),
  ];
  const wanted = plan.image.ports
    .filter((port) => port.public)
    .map(({ protocol, port }) => `${protocol} ${port}`);
  t.deepEqual(open.map(([, protocol, port]) => `${protocol} ${port}`).sort(), wanted.sort());
  t.notRegex(text('/etc/box/firewall/close.rules'), /^-A/m);
});

test("Postfix's doors without a log-in are for root, for what Postfix passes on, and for what scripts send", (t) => {
  for (const { port, users } of sendersDoors) {
    const to = [
      ...text('/etc/box/firewall/closed.v4').matchAll(new RegExp(`^-A OUTPUT .*--dport ${port} (.*)$`, 'gm')),
    ];
    t.deepEqual(
      to.map(([, rest]) => rest),
      [
        ...['root', ...users].map((user) => `-m owner --uid-owner ${user} -j ACCEPT`),
        '-j REJECT --reject-with tcp-reset',
      ],
    );
  }
});

test('calendars on loopback, where a password is enough, are for root and the two that ask there', (t) => {
  const to = [...text('/etc/box/firewall/closed.v4').matchAll(/^-A OUTPUT .*--dport 20000 (.*)$/gm)];
  t.deepEqual(
    to.map(([, rest]) => rest),
    [
      '-m owner --uid-owner root -j ACCEPT',
      '-m owner --uid-owner box-groupware -j ACCEPT',
      '-m owner --uid-owner box-webmail -j ACCEPT',
      '-j REJECT --reject-with tcp-reset',
    ],
  );
});

test('each source has so many connections at each door, before any door lets it in; an IPv6 source is a /64', (t) => {
  for (const [family, mask] of [
    ['v4', 32],
    ['v6', 64],
  ] as const) {
    const rules = text(`/etc/box/firewall/closed.${family}`);
    for (const { ports, most } of connectionLimits)
      t.true(
        rules.includes(
          `--dports ${ports.join(',')} -m connlimit --connlimit-above ${most} --connlimit-mask ${mask} --connlimit-saddr -j REJECT`,
        ),
        `${family} ${ports}`,
      );
    const [limits, ssh] = ['-A INPUT -p tcp -j box-unlimited', '-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT'];
    t.true(rules.includes(limits) && rules.indexOf(limits) < rules.indexOf(ssh), family);
  }
});
