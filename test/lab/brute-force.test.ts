/** Whoever tries passwords is banned, by IPv4 address or IPv6 network, and nobody else is. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { Attacker, addIpv6 } from './world/attackers.ts';
import { makeLab } from './world/lab.ts';
import { type Service, serviceOf } from './world/password-guesses.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-brute-force');
const lab = makeLab(kept);
const allowed = { ipv4: '198.51.100.240', ipv6: '2001:db8:a0:f0::1' };
const ready = lab.then(async ({ box, owner }) => {
  const mine = await box('box', owner, { bruteForce: { allow: [allowed.ipv4, allowed.ipv6] } });
  await mine.start();
  const said = await mine.console.outcome();
  await waitFor('fail2ban', async () =>
    (await mine.outcome('fail2ban-client ping')).code === 0 ? true : undefined,
  );
  await addIpv6(mine);
  return { box: mine, said };
});
const attacker = async (number: number) => Attacker.create(await lab, kept, number);
const neighbour = attacker(230);

/** Fewer tries than the box's own limit, so that a test is short; one test counts to the real one. */
const tries = 3;
/** fail2ban forgets this when it reads its configuration again. */
async function shorten(): Promise<void> {
  const { box } = await ready;
  for (const jail of ['mail', 'panel', 'groupware', 'webmail'])
    await box.run(`fail2ban-client set ${jail} maxretry ${tries}`);
}

/** What `box ban list` says. */
async function bans(): Promise<{ jail: string; address: string }[]> {
  const { box } = await ready;
  return JSON.parse(await box.run('box ban list --json'));
}

/** Waits until `box ban list` has a ban of this address from this jail, and the firewall has it: fail2ban tells of it first. */
async function bannedFrom(jail: string, address: string): Promise<void> {
  await listedBy(jail, address);
  const { box } = await ready;
  const element = `inet bans ${jail}${address.includes(':') ? 6 : 4} { ${address} }`;
  await waitFor(`${address} in the firewall's set of ${jail}`, async () =>
    (await box.outcome(`nft get element ${element}`)).code === 0 ? true : undefined,
  );
}

async function listedBy(jail: string, address: string): Promise<void> {
  let last: string[] = [];
  await waitFor(`the ban of ${address} from ${jail}`, async () => {
    // Just started, fail2ban does not answer yet: that is said, should it last.
    last = await bans().then(
      (all) => all.map((ban) => `${ban.address} ${ban.jail}`),
      ({ message }: Error) => [message],
    );
    return last.includes(`${address} ${jail}`) ? true : undefined;
  }).catch(async (error: Error) => {
    const log = await (await ready).box.run('tail -n 40 /var/log/failed-logins.log /var/log/fail2ban.log');
    throw new Error(`${error.message}; banned are: ${last.join(', ')}\n${log}`);
  });
}

/** How many failures a jail has counted since it started. */
async function counted(jail: string): Promise<number> {
  const status = await (await ready).box.run(`fail2ban-client status ${jail}`);
  return Number(/Total failed:\s*(\d+)/.exec(status)?.[1]);
}

async function guesses(service: Service, from: Attacker, address: string, many: number): Promise<string[]> {
  const { box } = await ready;
  const each = Array.from({ length: many }, () => () => service.guess(from, box, address));
  if (service.jail !== 'sshd') return Promise.all(each.map((guess) => guess()));
  // One after the other: of many at once sshd drops some unheard (MaxStartups).
  const answers: string[] = [];
  for (const guess of each) answers.push(await guess());
  return answers;
}

/** Lines in the log as if log-ins to the panel had failed. */
async function panelFailures(address: string, many: number): Promise<void> {
  const { box } = await ready;
  const line = `Mail-in-a-Box Management Daemon: Failed login attempt from ip ${address} - timestamp`;
  await box.run(`for i in $(seq ${many}); do logger -t box-keeper "${line} $i.5"; done`);
}

test('fail2ban comes after readiness, and box status tells of it', async (t) => {
  const { box, said } = await ready;
  t.is(said.stage, 'ready', `${said.step}: ${said.error}`);
  const started = async (unit: string) =>
    Number(await box.run(`systemctl show ${unit} --property=ActiveEnterTimestampMonotonic --value`));
  t.true((await started('fail2ban')) >= (await started('box-ready')));
  t.regex((await box.outcome('box status')).stdout, /^ok {7}brute force: fail2ban runs; nobody is banned$/m);
  t.is(await box.run('box ban list'), 'nobody is banned\n');
  const jails = /Jail list:\s*(.*)/.exec(await box.run('fail2ban-client status'))?.[1];
  t.is(jails, 'groupware, mail, panel, recidive, sshd, webmail');
  t.log(await box.run('grep -E "VmRSS|Threads" /proc/$(systemctl show fail2ban -p MainPID --value)/status'));
});

test('twenty wrong passwords in ten minutes are borne by IMAP but one, and the ban is for all of mail', async (t) => {
  const { box } = await ready;
  const imap = serviceOf('IMAP');
  const host = await attacker(210);
  t.deepEqual(await guesses(imap, host, host.ipv4, 19), Array(19).fill('denied'));
  await waitFor('nineteen failures in the count', async () =>
    (await counted('mail')) === 19 ? true : undefined,
  );
  t.deepEqual(await bans(), []);
  await guesses(imap, host, host.ipv4, 1);
  await bannedFrom('mail', host.ipv4);
  for (const port of [465, 587, 993, 995, 4190]) t.false(await host.reaches(box, port), `${port}`);
  for (const port of [22, 25, 443]) t.true(await host.reaches(box, port), `${port}`);
  await shorten();
});

const isBanned = (name: string, number: number) => async (t: ExecutionContext) => {
  const service = serviceOf(name);
  const { box } = await ready;
  const host = await attacker(number);
  const limit = service.jail === 'sshd' ? 7 : tries;
  const attack = async (address: string, shown: string) => {
    t.true(await host.reaches(box, service.port, address), 'before');
    // Some get no answer: the ban ends their connections too.
    await guesses(service, host, address, limit);
    await bannedFrom(service.jail, shown);
    t.false(await host.reaches(box, service.port, address), `${address} is banned`);
  };
  await Promise.all([attack(host.ipv4, host.ipv4), attack(host.ipv6, `${host.network}:`)]);
  t.not((await guesses(service, host, host.ipv4, 1))[0], 'denied', 'not even asked for a password');
  const other = await neighbour;
  for (const address of [other.ipv4, other.ipv6])
    t.true(await other.reaches(box, service.port, address), address);
};

test('SSH: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('SSH', 211));
test('IMAP: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('IMAP', 212));
test('POP: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('POP', 213));
test(
  'ManageSieve: an attacker is banned over IPv4 and IPv6, a neighbour is not',
  isBanned('ManageSieve', 214),
);
test('submission on 587: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('587', 215));
test('submission on 465: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('465', 216));
test('the panel: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('panel', 217));
test('CalDAV: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('CalDAV', 218));
test('ActiveSync: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('ActiveSync', 219));
test('SOGo: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('SOGo', 226));
test('the webmail: an attacker is banned over IPv4 and IPv6, a neighbour is not', isBanned('webmail', 227));

test('an IPv6 ban is of the /64: another address of it is out, one of the next /64 is not', async (t) => {
  const { box } = await ready;
  const host = await attacker(220);
  const [same, next] = [`${host.network}:ffff:1`, '2001:db8:a0:dd::1'];
  for (const address of [same, next]) await host.take(address);
  const imap = serviceOf('IMAP');
  await guesses(imap, host, host.ipv6, tries);
  await bannedFrom('mail', `${host.network}:`);
  t.false(await host.reaches(box, 993, same));
  t.true(await host.reaches(box, 993, next));
});

test('a new address of the same /64 for each try is no way round', async (t) => {
  const { box } = await ready;
  const host = await attacker(221);
  const imap = serviceOf('IMAP');
  const addresses = Array.from({ length: tries }, (_, i) => `${host.network}${i + 1}:2:3:4`);
  for (const address of addresses) await host.take(address);
  t.deepEqual(
    await Promise.all(addresses.map((address) => imap.guess(host, box, address))),
    Array(tries).fill('denied'),
  );
  await bannedFrom('mail', `${host.network}:`);
  // The other logs have the addresses whole.
  t.regex(await box.run('cat /var/log/mail.log'), new RegExp(`\\(me@example\\.com,${addresses[0]}[,)]`));
});

test('a ban outlives a reload of the firewall and a restart of fail2ban', async (t) => {
  const { box } = await ready;
  const host = await attacker(222);
  await panelFailures(host.ipv4, tries);
  await bannedFrom('panel', host.ipv4);
  for (const change of [
    'systemctl restart nftables',
    'nft --file /etc/nftables.conf',
    '/usr/lib/box/fence close && /usr/lib/box/fence open',
    'systemctl reload fail2ban',
    'systemctl restart fail2ban',
  ]) {
    await box.run(change);
    await bannedFrom('panel', host.ipv4);
    t.false(await host.reaches(box, 443), change);
  }
  t.true(await (await neighbour).reaches(box, 443));
  await shorten();
});

test('a ban ends by itself, and by box ban lift', async (t) => {
  const { box } = await ready;
  const host = await attacker(223);
  // It counts from the failure on, and a busy machine may be seconds late to see that.
  await box.run('fail2ban-client set panel bantime 10');
  await panelFailures(host.ipv4, tries);
  await waitFor('the ban', async () => ((await host.reaches(box, 443)) ? undefined : true), { everyMs: 50 });
  await waitFor('its end', async () => ((await host.reaches(box, 443)) ? true : undefined));
  await box.run('fail2ban-client set panel bantime 600');
  await panelFailures(host.ipv6, tries);
  await bannedFrom('panel', `${host.network}:`);
  t.false(await host.reaches(box, 443, host.ipv6));
  t.is(
    await box.run(`box ban lift ${host.network}:beef`),
    `${host.network.replace(/:$/, '')}::/64 is let in again: panel\n`,
  );
  t.true(await host.reaches(box, 443, host.ipv6));
  const none = await box.outcome(`box ban lift ${host.ipv4}`);
  t.is(none.code, 1);
  t.regex(none.stderr, /is not banned -> see who is: box ban list/);
});

test('who is on the allow-list is never banned, nor is the box itself', async (t) => {
  const { box } = await ready;
  const host = await attacker(240);
  t.is(host.ipv4, allowed.ipv4);
  const imap = serviceOf('IMAP');
  const own = ['127.0.0.1', '::1', box.host];
  for (const address of own) await panelFailures(address, tries + 1);
  for (const address of [host.ipv4, host.ipv6]) await guesses(imap, host, address, tries + 1);
  const log = async () => await box.run('cat /var/log/fail2ban.log');
  for (const address of [host.ipv4, `${host.network}:`, '127.0.0.1', '::', box.host])
    await waitFor(`${address} to be passed by ${tries + 1} times`, async () => {
      const lines = (await log())
        .split('\n')
        .filter((line) => /\] Ignore (\S+) by (?:ip|ignoreself)/.exec(line)?.[1] === address);
      return lines.length > tries ? true : undefined;
    });
  for (const address of [host.ipv4, host.ipv6]) t.true(await host.reaches(box, 993, address), address);
  t.false((await bans()).some(({ address }) => [...own, host.ipv4, `${host.network}:`].includes(address)));
});

test('nobody gets another banned by what he calls himself', async (t) => {
  const { box } = await ready;
  const host = await attacker(224);
  const victim = '198.51.100.99';
  const before = await counted('sshd');
  await host.ssh(box, `x from ${victim} port 22`);
  await host.imapLogin(box, `x,${victim},<s>): Password mismatch`);
  // ssh(1) does not send such names; other clients do.
  const panel = `Mail-in-a-Box Management Daemon: Failed login attempt from ip ${victim} - timestamp 1`;
  for (const name of [panel, `dovecot: auth-worker(1): sql(me@example.com,${victim},<s>): Password mismatch`])
    await box.run(`logger -t sshd -p auth.info "Invalid user ${name} from ${host.ipv4} port 4711"`);
  await waitFor('all in the count', async () => ((await counted('sshd')) >= before + 3 ? true : undefined));
  const log = await box.run('cat /var/log/fail2ban.log');
  t.false(log.includes(victim));
  t.is(log.split(`[sshd] Found ${host.ipv4} `).length - 1, 3);
});

test('no other user of the box, and no other program, gets anybody banned by a line in the log', async (t) => {
  const { box } = await ready;
  const victim = '198.51.100.98';
  const lines = [
    ['box-keeper', `Mail-in-a-Box Management Daemon: Failed login attempt from ip ${victim} - timestamp 1.5`],
    ['sshd', `Failed password for root from ${victim} port 4711 ssh2`],
    [
      'dovecot',
      `auth-worker(1): conn unix:x: auth-worker<1>: sql(me@example.com,${victim},<s>): Password mismatch`,
    ],
    ['groupware', `failed log-in from ${victim}`],
    ['box-webmail-log-in', `Failed login attempt from ip ${victim}`],
  ];
  for (const [tag, line] of lines) await box.run(`runuser -u nobody -- logger -t ${tag} '${line}'`);
  await box.run(`logger -t another-program '${lines[0]?.[1]}'`);
  const [last, before] = ['198.51.100.97', await counted('panel')];
  await panelFailures(last, 1);
  await waitFor('the last of them', async () => ((await counted('panel')) > before ? true : undefined));
  const log = await box.run('cat /var/log/failed-logins.log');
  t.false(log.includes(victim), log);
  t.true(log.includes(last));
});

test('who comes back again and again is banned from every port for a week, also after a reboot', async (t) => {
  const { box } = await ready;
  const host = await attacker(225);
  const limit = async (what: string) => Number(await box.run(`fail2ban-client get recidive ${what}`));
  t.deepEqual(
    [await limit('maxretry'), await limit('findtime'), await limit('bantime')],
    [10, 24 * 3600, 7 * 24 * 3600],
  );
  await box.run('fail2ban-client set recidive maxretry 3');
  for (let i = 1; i <= 3; i++) {
    await panelFailures(host.ipv4, tries);
    await bannedFrom('panel', host.ipv4);
    if (i < 3) await box.run(`box ban lift ${host.ipv4}`);
  }
  await bannedFrom('recidive', host.ipv4);
  for (const port of [22, 25, 443, 993]) t.false(await host.reaches(box, port), `${port}`);
  await box.kill();
  await box.start();
  t.is((await box.console.outcome()).stage, 'ready');
  await bannedFrom('recidive', host.ipv4);
  t.false(await host.reaches(box, 25));
  t.true(await (await neighbour).reaches(box, 25));
});
