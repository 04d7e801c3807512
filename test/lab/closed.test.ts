/** A box that isn't ready is closed to the network, and says why on its console. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { documentsOf, settingsOf } from '../rig/owner.ts';
import { outcome, output } from '../rig/program.ts';
import { makeLab } from './world/lab.ts';
import { openTcpPorts } from './world/ports.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-closed'));

test('a bad setting: the box names it, stays closed, and its owner can log in and mend it', async (t) => {
  const { box: makeBox, owner, outside } = await lab;
  const box = await makeBox('bad', owner);
  const documents = documentsOf(owner, settingsOf(owner));
  await box.start({ ...documents, userData: documents.userData.replaceAll('Etc/UTC', 'Mars/Olympus_Mons') });
  const said = await box.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(`${said.step} ${said.error} ${said.hint}`, /Mars\/Olympus_Mons|timezone|time zone/i);
  t.truthy(said.hint);
  t.deepEqual(await openTcpPorts(outside, box.host), [22]);

  // No service runs behind the fence: what is proven next is the fence itself, with a listener of the test's own.
  await box.run('systemd-run --quiet --unit=knock python3 -m http.server 25');
  await box.run(
    'for i in 1 2 3 4 5 6 7 8 9; do curl -s http://127.0.0.1:25/ >/dev/null && exit; sleep 1; done; exit 1',
  );
  const { code } = await outcome([
    ...outside.prefix,
    'curl',
    '-s',
    '--max-time',
    '5',
    `http://${box.host}:25/`,
  ]);
  t.true(code === 28 || code === 7, `curl from outside exited ${code}`);
  const key = ['-F', 'none', '-i', owner.sshKey, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
  const silent = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
  const motd = await output([
    ...outside.prefix,
    'ssh',
    ...key,
    ...silent,
    `root@${box.host}`,
    'cat /etc/motd',
  ]);
  t.regex(motd, /stays CLOSED/i);

  await box.run("sed -i 's#Mars/Olympus_Mons#Europe/Berlin#' /etc/box/settings.json");
  await box.kill();
  await box.start();
  const again = await box.console.outcome();
  t.is(again.stage, 'ready', again.error);
});

test('no user-data: the box says so and stays closed', async (t) => {
  const { box: makeBox, owner, outside } = await lab;
  const box = await makeBox('blank', owner);
  await box.start({ userData: '', metaData: 'instance-id: blank\n' });
  const said = await box.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(said.error ?? '', /cloud-init found NoCloud .*, which has none$/);
  t.deepEqual(
    (await openTcpPorts(outside, box.host)).filter((port) => port !== 22),
    [],
  );
  const stranger = ['ssh', '-F', 'none', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
  const { stderr } = await outcome([
    ...[...outside.prefix, ...stranger],
    ...['-o', 'UserKnownHostsFile=/dev/null', `root@${box.host}`],
  ]);
  t.regex(stderr, /stays CLOSED: settings: no settings: there is no user-data/, 'who has no key sees it too');
});

test('no datasource at all: the box says so on its console and serves nothing', async (t) => {
  const { box: makeBox, owner, outside } = await lab;
  const box = await makeBox('nothing', owner);
  await box.start('none');
  const said = await box.console.outcome();
  t.is(said.stage, 'failed');
  t.regex(said.error ?? '', /cloud-init looked for ConfigDrive, NoCloud, .*, and found none of them$/);
  t.regex(box.console.text(), /stays CLOSED/);
  // Nobody gave it an address, so that it could be knocked at.
  await box.run(`ip address replace ${box.host}/24 dev host0 && ip link set host0 up`);
  t.deepEqual(
    (await openTcpPorts(outside, box.host)).filter((port) => port !== 22),
    [],
  );
  const neighbour = await output(['ip', '-n', outside.name, 'neighbour', 'show', box.host]);
  t.regex(neighbour, / lladdr 02:/, 'it was there, and knocked at');
  t.is(
    (await box.run('ls /home/user-data 2>/dev/null || true')).trim(),
    '',
    'nothing was made for a box without a name',
  );
});

const spoiled: [what: string, spoil: (text: string) => string, says: RegExp][] = [
  ['a byte order mark', (text) => `\ufeff${text}`, /begins with a byte order mark.* at byte 1 /],
  [
    'quotes of a word processor',
    (text) => text.replace(/: "/g, ': \u201c').replace(/"\n/g, '\u201d\n'),
    /U\+201C .* at byte \d+ \(line \d+, column \d+\)/,
  ],
  ['"---" before the header', (text) => `---\n${text}`, /"---" stands before #cloud-config.* at byte 1 /],
  ['its end cut off', (text) => text.slice(0, -60), /ends in the middle, after \d+ bytes/],
];
for (const [i, [what, spoil, says]] of spoiled.entries()) {
  test(`user-data with ${what}: the console says where, and its owner can log in`, async (t) => {
    const { box: makeBox, owner, outside } = await lab;
    const box = await makeBox(`spoiled${i}`, owner);
    const documents = documentsOf(owner, settingsOf(owner));
    await box.start({ ...documents, userData: spoil(documents.userData) });
    const said = await box.console.outcome();
    t.is(said.stage, 'failed');
    t.regex(said.error ?? '', /^there is user-data \(\d+ bytes\)/);
    t.regex(said.error ?? '', says);
    const key = ['-F', 'none', '-i', owner.sshKey, '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no'];
    const silent = ['-o', 'UserKnownHostsFile=/dev/null', '-o', 'LogLevel=ERROR'];
    const status = await outcome([
      ...outside.prefix,
      'ssh',
      ...key,
      ...silent,
      `root@${box.host}`,
      'box status',
    ]);
    t.regex(status.stdout, /there is user-data/);
    await box.kill();
  });
}

test('while a box starts, no port but ssh opens before it is ready', async (t) => {
  const { box: makeBox, owner, outside } = await lab;
  const box = await makeBox('early', owner);
  await box.start();
  const early: number[] = [];
  let said: string | undefined;
  const outcomeOfBoot = box.console.outcome().then(({ stage }) => {
    said = stage;
  });
  let knocks = 0;
  while (said === undefined) {
    const knock = ['25', '80', '443', '465', '587', '993', '995'].map((port) =>
      outcome([
        ...outside.prefix,
        'curl',
        '-s',
        '--max-time',
        '0.3',
        `telnet://${box.host}:${port}`,
        '-o',
        '/dev/null',
      ]),
    );
    const at = Date.now();
    const codes = (await Promise.all(knock)).map(({ code }) => code);
    knocks++;
    // 28: it connected and then waited in vain, or it was dropped; 7: refused or unreachable. Only 0 is a talk.
    if (codes.includes(0) || codes.includes(56)) early.push(at);
  }
  await outcomeOfBoot;
  t.is(said, 'ready');
  t.true(knocks > 5, `${knocks} rounds`);
  // The fence opens just before the line is written; nothing may answer earlier than that moment.
  const opened = Number(await box.run('date -d "$(stat -c %y /run/box/ready.json)" +%s%3N'));
  t.deepEqual(
    early.filter((at) => at < opened - 1500),
    [],
  );
});
