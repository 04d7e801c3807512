import { renameSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { waitForServices } from '../../../../box/init/wait.ts';
import type { Report } from '../../../../box/machine/report.ts';
import type { Image } from '../../../../contract/settings.ts';
import { image, sshHostKey, TemporaryBox } from '../temporary-box.ts';

/** A port of the loopback address that answers. */
async function listen(t: ExecutionContext): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return (server.address() as { port: number }).port;
}

const imaps = (port: number): Image['ports'][number] => ({
  port,
  protocol: 'tcp',
  name: 'imaps',
  role: 'dovecot',
  public: true,
});

async function bakedBox(t: ExecutionContext, changed: Partial<Image>): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, ...changed }));
  return box;
}

test('when every port answers the fence opens, and the box says so in three ways', async (t) => {
  const box = await bakedBox(t, { ports: [imaps(await listen(t)), { ...imaps(1), protocol: 'udp' }] });
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.true(box.ran.includes('fence open'));
  t.regex(box.ran.at(-1) ?? '', /^dig .* MX$/, 'whether mail can leave is seen afterwards');
  const report = box.report();
  t.is(report.stage, 'ready');
  t.regex(String(report.certificateSha256), /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
  t.deepEqual(report.sshHostKeys, [sshHostKey.fingerprint]);
  const line = JSON.parse(box.said.at(-1)?.replace(/^letterbox: /, '') ?? '');
  t.like(line, { stage: 'ready', hostname: 'box.example.com', certificateSha256: report.certificateSha256 });
  t.true(
    box.said.some(
      (words) => words.includes(String(report.certificateSha256)) && !words.startsWith('letterbox: '),
    ),
  );
  t.regex(box.read('/run/box/motd'), /box\.example\.com is ready/);
});

test('where no mail can leave, the box is ready all the same, and says what to do: on the console, in the file and in the message of the day', async (t) => {
  const box = await bakedBox(t, { ports: [] });
  // Nothing listens there.
  box.answer = ([program]) => (program === 'dig' ? { out: '5 localhost.\n' } : undefined);
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.is(box.report().stage, 'ready');
  const mailOut = box.report().mailOut as Report['mailOut'];
  t.regex(mailOut?.error ?? '', /^localhost can’t be reached on port 25/);
  t.regex(mailOut?.hint ?? '', /set outbound\.relay/);
  const words = `NO MAIL LEAVES: ${mailOut?.error}`;
  t.is(box.said.at(-2)?.trim(), words);
  t.true(box.read('/run/box/motd').includes(`${words}\n    What to do: ${mailOut?.hint}`));
  t.true(
    box.said.some((line) => line.startsWith('letterbox: {"stage":"ready"')),
    'programs wait for nothing of it',
  );
  box.answer = () => undefined;
  t.is(await box.box('ready'), 0);
  t.is(box.report().mailOut, undefined, 'at the next look there is none');
});

test('where box init is under way on a box that serves, it is waited for; at a boot that it did not get through, not', async (t) => {
  const box = await bakedBox(t, { ports: [] });
  const through = box.report();
  // As the box writes it: whoever reads meanwhile reads all of the one or all of the other.
  const report = (changed: object) => {
    box.write('/run/box/ready.json.new', JSON.stringify({ ...through, ...changed }));
    renameSync(box.at('/run/box/ready.json.new'), box.at('/run/box/ready.json'));
  };
  report({ stage: 'init', initialised: false });
  const ready = box.box('ready');
  setTimeout(() => report({}), 700);
  t.is(await ready, 0, box.complaints.join('\n'));
  t.is(box.report().stage, 'ready');

  report({ stage: 'init', initialised: false });
  rmSync(box.at('/run/box/initialised'));
  t.is(await box.box('ready'), 1);
  t.regex(box.complaints.join('\n'), /box init has not succeeded at this boot/);
});

test('a port that never answers: the fence stays closed, and the service is named', async (t) => {
  const box = await bakedBox(t, { ports: [imaps(1)] });
  t.is(await box.box('ready', '--timeout', '0.1'), 1);
  t.false(box.ran.includes('fence open'));
  t.like(box.report(), { stage: 'failed', step: 'services' });
  t.regex(String(box.report().error), /no answer after 0\.1 s from dovecot \(imaps, port 1\)/);
  box.write('/usr/lib/box/image.json', JSON.stringify(image));
  t.is(await box.box('ready'), 0, 'and all is well once it does');
  t.is(box.report().error, undefined);
});

test('services are started by one command where there is one, and asked for one by one where that fails', async (t) => {
  const at = ['start-all'] as [string];
  const box = await bakedBox(t, { commands: { ...image.commands, startServices: at } });
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  const asked = () => box.ran.filter((line) => /^(start-all|service) /.test(line));
  t.deepEqual(asked(), ['start-all opendkim dovecot']);
  box.answer = ([program]) => ({ code: program === 'start-all' ? 1 : 0 });
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.deepEqual(asked(), ['start-all opendkim dovecot', 'service opendkim status', 'service dovecot status']);
});

test('services that do not run are started in order; one that can not start is named, and holds no other back', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = ([, service, verb]) => ({ code: verb === 'status' || service === 'opendkim' ? 3 : 0 });
  t.is(await box.box('ready', '--timeout', '0.01'), 1);
  t.deepEqual(box.ran.slice(0, 4), [
    'service opendkim status',
    'service opendkim start',
    'service dovecot status',
    'service dovecot start',
  ]);
  t.regex(String(box.report().error), /^opendkim does not start$/);
});

test('a service that fails to start is tried again until it does, and the console hears of it', async (t) => {
  const box = await TemporaryBox.booted(t);
  let tries = 0;
  box.answer = ([, service, verb]) => {
    if (service !== 'dovecot') return { code: 0 };
    if (verb === 'start') tries++;
    return { code: tries < 2 ? 3 : 0 };
  };
  t.is(await box.box('ready'), 0, box.said.join('\n'));
  t.is(tries, 2);
  t.is(box.said[0], 'Letterbox: still waiting for dovecot');
  t.like(box.report(), { stage: 'ready', fenceOpen: true });
});

test('a time limit that is none is a wrong command line', async (t) => {
  const box = await TemporaryBox.booted(t);
  t.is(await box.box('ready', '--timeout', 'soon'), 2);
});

const df = 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda1 100 20 80 20% /\n';
const withDisk: TemporaryBox['answer'] = ([program]) => {
  if (program === 'sshd') return { out: 'passwordauthentication no\n' };
  return program === 'df' ? { out: df } : undefined;
};

test('status of a box that is well', async (t) => {
  // The listener is on loopback alone.
  const box = await bakedBox(t, { ports: [{ ...imaps(await listen(t)), public: false }] });
  box.answer = withDisk;
  await box.box('ready');
  t.is(await box.box('status', '--json'), 0, box.said.join('\n'));
  const results = JSON.parse(box.said.join('')) as { title: string; state: string }[];
  // A new box has no backup until its first night.
  t.deepEqual(
    results.filter(({ state }) => state !== 'ok').map(({ title }) => title),
    ['backups'],
  );
  for (const part of ['fence', 'dovecot', 'opendkim', 'TLS certificate', 'DKIM', 'accounts', 'disk']) {
    t.true(
      results.some(({ title }) => title === part),
      part,
    );
  }
});

const troubles: [what: string, spoil: (box: TemporaryBox) => void, line: RegExp][] = [
  [
    'a silent port',
    (box) => box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, ports: [imaps(1)] })),
    /^error {4}imaps, port 1: does not answer$/m,
  ],
  [
    'a service that is down',
    (box) => {
      box.answer = (argv, input) =>
        argv[2] === 'status' && argv[1] === 'dovecot' ? { code: 3 } : withDisk(argv, input);
    },
    /^error {4}dovecot: does not run\n {9}-> .*service dovecot start$/m,
  ],
  [
    'no DKIM key',
    (box) => rmSync(box.at('/home/user-data/mail/dkim/mail.private')),
    /^error {4}DKIM: there is no key of the selector mail$/m,
  ],
  [
    'old DKIM tables',
    (box) => box.write('/etc/opendkim/KeyTable', ''),
    /^error {4}DKIM: .*KeyTable is out of date$/m,
  ],
  [
    'no certificate',
    (box) => rmSync(box.at('/home/user-data/ssl/ssl_certificate.pem')),
    /^error {4}TLS certificate: is missing/m,
  ],
  [
    'another host name',
    (box) => box.settle({ hostname: 'post.example.com' }),
    /^error {4}TLS certificate: is not for post\.example\.com$/m,
  ],
  [
    'an expired certificate',
    (box) => {
      box.now = new Date('2029-02-01T00:00:00Z');
    },
    /^error {4}TLS certificate: expired \d+ days ago$/m,
  ],
  [
    'a full disk',
    (box) => {
      box.answer = ([program]) => (program === 'df' ? { out: df.replace(' 20 80 ', ' 90 10 ') } : undefined);
    },
    /^error {4}disk: 10% of the disk/m,
  ],
  [
    'a damaged database',
    (box) => box.write('/home/user-data/mail/users.sqlite', 'x'.repeat(5000)),
    /^error {4}accounts: .*not a database/m,
  ],
  [
    'no settings',
    (box) => rmSync(box.at('/etc/box/settings.json')),
    /^error {4}settings: no settings: there is no user-data/m,
  ],
];
for (const [what, spoil, line] of troubles) {
  test(`status of a box with ${what}: an error, a remedy, exit code 1`, async (t) => {
    const box = await TemporaryBox.booted(t);
    box.answer = withDisk;
    await box.box('ready');
    spoil(box);
    t.is(await box.box('status'), 1);
    t.regex(box.said.join('\n'), line);
    t.is(
      box.said.filter((words) => /^(error|warning)/.test(words)).length,
      box.said.filter((words) => words.startsWith('         -> ')).length,
    );
  });
}

test('init by hand on a box that serves: it is ready again, or says that it is open but not up to date', async (t) => {
  const box = await bakedBox(t, { ports: [imaps(await listen(t))] });
  await box.box('ready');
  t.is(await box.box('init'), 0);
  t.like(box.report(), { stage: 'ready', fenceOpen: true });
  box.settle({ timezone: 'Europe/Atlantis' });
  t.is(await box.box('init'), 1);
  t.like(box.report(), { stage: 'failed', fenceOpen: true });
  t.regex(box.said.join('\n'), /is not up to date: time zone: there is no time zone/);
  t.is(await box.box('status'), 1);
  t.regex(box.said.join('\n'), /^error {4}boot: time zone: there is no time zone/m);
});

test('a port that has answered is not asked again: each look has its daemon start a process', async (t) => {
  let connections = 0;
  const server = (port: number, heard: () => unknown = () => undefined) =>
    new Promise<number>((resolve) => {
      const listening = createServer((socket) => socket.destroy()).on('connection', heard);
      t.teardown(() => listening.close());
      listening.listen(port, '127.0.0.1', () => resolve((listening.address() as { port: number }).port));
    });
  const early = await server(0, () => connections++);
  // Nobody listens there yet.
  const late = early < 65_000 ? early + 1 : early - 1;
  const { machine } = await TemporaryBox.booted(t);
  setTimeout(() => void server(late), 1200);
  await waitForServices(machine, { ...image, ports: [imaps(early), imaps(late)] }, 60, () => undefined);
  t.is(connections, 1);
});
