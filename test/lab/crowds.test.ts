/** No source takes a door for itself, however slowly it speaks, and none fills the disk with logs or with half an upload. */
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest from 'ava';
import { connectionLimits } from '../../builder/roles/firewall.ts';
import { artefacts } from '../rig/artefacts.ts';
import { outcome } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { Attacker, addIpv6, boxIpv6 } from './world/attackers.ts';
import { Crowd } from './world/crowd.ts';
import { makeLab } from './world/lab.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-crowds');
const lab = makeLab(kept);
const allowed = 198;
const ready = lab.then(async (made) => {
  const box = await made.box('box', made.owner, { bruteForce: { allow: [`198.51.100.${allowed}`] } });
  await box.start();
  const said = await box.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  await addIpv6(box);
  return box;
});
const attacker = async (number: number) => Attacker.create(await lab, kept, number);

/** What an honest client does at each door, what it says there, and what shows that it is served. */
const doors: Readonly<Record<number, readonly [argv: string, input: string, served: RegExp]>> = {
  22: ['nc -w 15 BOX 22', '', /^SSH-2\.0-/],
  25: ['nc -w 15 BOX 25', '', /^220 /],
  53: ['dig +tcp +short @BOX example.com SOA', '', /hostmaster|box\.example\.com/],
  80: ['curl -s -o /dev/null -w %{http_code} http://BOX/', '', /^301$/],
  443: ['curl -sk -o /dev/null -w %{http_code} https://BOX/', '', /^200$/],
  465: ['openssl s_client -quiet -connect BOX:465', 'QUIT\r\n', /220 /],
  587: ['nc -w 15 BOX 587', '', /^220 /],
  993: ['openssl s_client -quiet -connect BOX:993', 'a LOGOUT\r\n', /OK .*Ready/],
  995: ['openssl s_client -quiet -connect BOX:995', 'QUIT\r\n', /\+OK Ready/],
  4190: ['nc -w 15 BOX 4190', 'LOGOUT\r\n', /"IMPLEMENTATION"/],
};

test('of a source that asks for three hundred connections each door takes its limit, and serves a neighbour meanwhile', async (t) => {
  const box = await ready;
  const neighbour = await attacker(190);
  const crowds = await Promise.all(
    connectionLimits.map(async ({ name, ports, most }, at) => {
      const from = await attacker(191 + at);
      const [port = 0, ...others] = ports;
      // On the web half a request, elsewhere nothing.
      const words = name === 'web' ? 'GET / HTTP/1.1\r\nHost: box.example.com\r\nX-Half: ' : '';
      const crowd = await Crowd.gather(from, { host: box.host, port, count: 300, words });
      t.is(crowd.letIn, most, name);
      // One count for all ports of a door: who has its fill at one gets none at another.
      for (const other of others) t.false(await from.reaches(box, other), `${other}`);
      return { name, crowd };
    }),
  );
  const honest = Object.entries(doors).map(async ([port, [argv, input, served]]) => {
    const program = argv.replace('BOX', box.host).split(' ');
    const { stdout } = await outcome([...neighbour.namespace.prefix, ...program], { input, seconds: 60 });
    t.regex(stdout, served, `a neighbour at ${port}`);
  });
  await Promise.all(honest);
  for (const { name, crowd } of crowds) {
    // nginx and NSD wait ten seconds for the rest; sshd lets one source in ten times before it has logged in.
    const stays = { web: 0, dns: 0, ssh: 10 }[name as string];
    if (stays !== undefined)
      await waitFor(`${stays} connections left at ${name}`, async () =>
        (await crowd.left()) === stays ? true : undefined,
      );
    crowd.leave();
  }
});

test('over IPv6 all addresses of a /64 are one source, and the next /64 is another', async (t) => {
  const box = await ready;
  const [many, next] = [await attacker(200), await attacker(201)];
  const from = Array.from({ length: 16 }, (_, i) => `${many.network}:${(i + 2).toString(16)}`);
  for (const address of from) await many.take(address);
  const crowd = await Crowd.gather(many, { host: boxIpv6, port: 443, count: 320, from });
  t.is(crowd.letIn, 128);
  t.false(await many.reaches(box, 443, from[0]));
  t.true(await next.reaches(box, 443, next.ipv6));
  crowd.leave();
});

test('who is on the allow-list has as many connections as he likes', async (t) => {
  const box = await ready;
  const crowd = await Crowd.gather(await attacker(allowed), { host: box.host, port: 443, count: 300 });
  t.is(crowd.letIn, 300);
  crowd.leave();
});

test('one source has six large bodies under way at a time, and small ones beside them', async (t) => {
  const box = await ready;
  const host = await attacker(202);
  // Slower than the test waits.
  const upload = [
    'curl',
    '-sk',
    '--limit-rate',
    '100k',
    '--max-time',
    '20',
    '-o',
    '/dev/null',
    '-w',
    '%{http_code}',
  ];
  const send = async (bytes: number) => {
    const argv = [
      ...host.namespace.prefix,
      ...upload,
      '--data-binary',
      '@-',
      `https://${box.host}/mail/?_task=mail`,
    ];
    return (await outcome(argv, { input: 'x'.repeat(bytes), seconds: 90 })).stdout;
  };
  const said: string[] = [];
  const large = Promise.all(Array.from({ length: 10 }, async () => void said.push(await send(5_000_000))));
  await waitFor('four to be refused', () => (said.length >= 4 ? true : undefined));
  t.deepEqual(said, Array(4).fill('429'));
  t.not(await send(1000), '429');
  // The others were under way until the client gave up.
  await large;
  t.deepEqual(said.slice(4), Array(6).fill('000'));
});

test('what a stranger says is cut in every log that holds it', async (t) => {
  const box = await ready;
  const host = await attacker(203);
  const curl = async (...args: string[]) =>
    outcome([...host.namespace.prefix, 'curl', '-sk', '--max-time', '10', '-o', '/dev/null', ...args]);
  const long = 'x'.repeat(6000);
  const site = `https://${box.host}`;
  await curl('-A', long, '-e', long, '-u', `${long}:x`, `${site}/${long}`);
  await curl('-A', long, '-u', `${long}:x`, `${site}/SOGo/dav/${long}`);
  await curl('--json', `{"userName":"${long}${long}","password":"x"}`, `${site}/SOGo/connect`);
  await curl('--json', `{${long}${long}`, `${site}/SOGo/connect`);
  t.is(
    (
      await outcome(
        [
          ...host.namespace.prefix,
          'curl',
          '-sk',
          '-w',
          '%{http_code}',
          '-o',
          '/dev/null',
          '--data-binary',
          '@-',
          `${site}/SOGo/connect`,
        ],
        { input: long.repeat(10) },
      )
    ).stdout,
    '413',
  );
  const smtp = ['nc', '-w', '5', box.host, '25'];
  await outcome([...host.namespace.prefix, ...smtp], {
    input: `EHLO ${long}\r\nMAIL FROM:<${long}@x.example>\r\nQUIT\r\n`,
  });
  await sleep(2000);
  const lengths = await box.run(
    `cd /var/log && for log in nginx/access.log nginx/error.log syslog mail.log auth.log user.log; do
       [ ! -e $log ] || awk -v log_name=$log 'length($0) > most { most = length($0) } END { print log_name, most + 0 }' $log
     done`,
  );
  t.log(lengths);
  const longest = new Map(
    lengths
      .trim()
      .split('\n')
      .map((line) => line.split(' ') as [string, string]),
  );
  t.true(Number(longest.get('nginx/access.log')) < 900);
  for (const [log, most] of longest) t.true(Number(most) < 2100, `${log}: ${most}`);
  t.regex(await box.run('cat /var/log/syslog'), /sogod.*x{500}/, 'cut, and not left out');
});

test('a log is rotated as soon as it is large, and written on; each that a stranger can fill is', async (t) => {
  const box = await ready;
  const settings = await box.run('logrotate --debug /etc/box/logrotate.conf /etc/logrotate.conf 2>&1');
  const patterns = settings.split('rotating pattern: ').slice(1);
  const files = (await box.run('find /var/log -type f -size +0 -printf "%p\\n"')).trim().split('\n');
  // Written by the machine's own start and by who logs in, never by a stranger.
  const own = /cloud-init|wtmp|lastlog|\/journal\//;
  for (const file of files.filter((name) => !own.test(name))) {
    const [pattern] = patterns.filter((text) => text.includes(`considering log ${file}\n`));
    t.true(Number(/log files >= (\d+) are rotated earlier/.exec(pattern ?? '')?.[1]) <= 52_428_800, file);
  }
  const large = ['mail.log', 'syslog', 'auth.log', 'nginx/access.log'];
  for (const log of large) await box.run(`truncate --size=60M /var/log/${log}`);
  await box.run('systemctl start logrotate.service && logger -p mail.info -t dovecot after-rotation');
  await waitFor('a line in the new log', async () =>
    (await box.run('cat /var/log/mail.log')).includes('after-rotation') ? true : undefined,
  );
  for (const log of large) {
    t.true(Number(await box.run(`stat --format=%s /var/log/${log} 2>/dev/null || echo 0`)) < 1_000_000, log);
    t.true(Number(await box.run(`stat --format=%s /var/log/${log}.1`)) >= 62_914_560, `${log}.1`);
  }
  t.regex(await box.run('systemctl show logrotate.timer --property=TimersCalendar'), /\*:00\/10:00/);
});
