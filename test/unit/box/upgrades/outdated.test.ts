/** What runs on with files that an upgrade replaced: found by /proc, restarted where that may be, named where not. */
import test, { type ExecutionContext } from 'ava';
import { deletedCode, outdatedProcesses, unitOf } from '../../../../box/upgrades/outdated.ts';
import { image, TemporaryBox } from '../temporary-box.ts';

const map = (file: string, how = 'r-xp') => `7f00-7f01 ${how} 00000000 fe:01 1234    ${file}\n`;
const stat = (ticks: number) => `1 (a (b) c) S ${Array(18).fill('0').join(' ')} ${ticks} 0`;

/** A process of a box. */
function runs(
  box: TemporaryBox,
  pid: number,
  it: { maps: string; unit?: string; exe?: string; words?: string[] },
) {
  const at = `/proc/${pid}`;
  box.write(`${at}/maps`, it.maps);
  box.write(`${at}/comm`, `program-${pid}\n`);
  box.write(`${at}/cgroup`, it.unit === undefined ? '' : `0::/system.slice/${it.unit}\n`);
  box.write(`${at}/cmdline`, ['x', ...(it.words ?? [])].join('\0'));
  box.write(`${at}/stat`, stat(1000));
  box.link(`${at}/exe`, it.exe ?? '/usr/sbin/daemon');
}

const libssl = '/usr/lib/x86_64-linux-gnu/libssl.so.3';
const old = map(`${libssl} (deleted)`);

async function machine(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, services: ['nginx'] }));
  box.write('/proc/stat', 'cpu 0\nbtime 1000\n');
  return box;
}

test('code of a package that is on the disk no more counts, and nothing else that is deleted', (t) => {
  t.is(deletedCode(map(libssl) + old), libssl);
  t.is(
    deletedCode(map('/lib/x86_64-linux-gnu/libc-2.19.so (deleted)')),
    '/lib/x86_64-linux-gnu/libc-2.19.so',
  );
  for (const harmless of [
    map(libssl),
    map('/usr/lib/locale/locale-archive (deleted)', 'r--p'),
    map('/dev/zero (deleted)', 'rwxs'),
    map('/tmp/jit (deleted)'),
    map('/memfd:x (deleted)'),
    map('/usr/local/bin/own (deleted)'),
    '7f00-7f01 r-xp 00000000 00:00 0 \n',
    '',
  ])
    t.is(deletedCode(harmless), undefined, harmless);
});

test('the unit of a process, as the control groups of any systemd name it', (t) => {
  t.is(unitOf('0::/system.slice/system-postfix.slice/postfix@-.service\n'), 'postfix@-.service');
  t.is(unitOf('2:cpu:/\n1:name=systemd:/system.slice/nginx.service\n'), 'nginx.service');
  t.is(unitOf('0::/user.slice/user-0.slice/session-3.scope'), 'session-3.scope');
  t.is(unitOf('0::/init.scope'), 'init.scope');
  t.is(unitOf(''), undefined);
});

test('services are restarted, process 1 renews itself, and what would throw somebody out is named by status', async (t) => {
  const box = await machine(t);
  runs(box, 1, { maps: old, unit: 'init.scope' });
  runs(box, 2, { maps: '' });
  runs(box, 10, { maps: old, unit: 'nginx.service' });
  runs(box, 11, { maps: old, unit: 'nginx.service' });
  runs(box, 12, { maps: map(libssl), unit: 'dovecot.service' });
  runs(box, 13, { maps: old, unit: 'dbus.service' });
  runs(box, 14, { maps: old, unit: 'session-3.scope' });
  runs(box, 15, { maps: old, unit: 'box-backup.service' });
  box.answer = (argv) => {
    const words = argv.join(' ');
    if (words.startsWith('systemctl show'))
      return { out: words.includes('backup') ? 'oneshot\n' : 'forking\n' };
    if (words === 'renew-init') box.write('/proc/1/maps', map(libssl));
    if (words === 'service nginx restart')
      for (const pid of [10, 11]) box.write(`/proc/${pid}/maps`, map(libssl));
    return undefined;
  };
  t.is(await box.box('outdated'), 1);
  t.is(box.said.length, 6);
  t.is(await box.box('outdated', '--restart'), 0, box.said.join('\n'));
  const begun = box.ran.filter((words) => /restart|renew/.test(words));
  t.deepEqual(begun, ['renew-init', 'service nginx restart']);
  const text = box.read('/run/box/outdated.json');
  t.deepEqual(JSON.parse(text), {
    at: box.now.toISOString(),
    restarted: ['nginx.service'],
    failed: [],
    left: [
      { what: 'dbus.service (program-13)', file: libssl },
      { what: 'session-3.scope (program-14)', file: libssl },
    ],
  });
  await box.box('status');
  t.regex(
    box.said.join('\n'),
    /security updates: installed, but still as before .*: dbus\.service.*session-3/,
  );
});

test('a service that does not come back is told', async (t) => {
  const box = await machine(t);
  runs(box, 10, { maps: old, unit: 'nginx.service' });
  box.answer = (argv) => (argv.join(' ') === 'service nginx restart' ? { code: 1 } : undefined);
  t.is(await box.box('outdated', '--restart'), 1);
  t.regex(box.said.join('\n'), /^nginx\.service did not come back at once/m);
  await box.box('status');
  t.regex(box.said.join('\n'), /warning {2}security updates: .*nginx\.service/);
});

test('a script, or a module of its interpreter, that is newer than the process', async (t) => {
  const box = await machine(t);
  box.write('/usr/share/perl5/Mail/SpamAssassin.pm', '1;');
  runs(box, 20, {
    maps: '7f',
    exe: '/usr/bin/perl',
    words: ['-T', '/usr/sbin/spampd'],
    unit: 'spampd.service',
  });
  box.answer = (argv) => {
    if (argv[0] !== '/usr/bin/find') return undefined;
    t.is(argv[argv.indexOf('-newerct') + 1], '@1010');
    return { out: argv[1] === '/usr/share/perl5' ? '/usr/share/perl5/Mail/SpamAssassin.pm\n' : '' };
  };
  t.deepEqual(await outdatedProcesses(box.machine), [
    {
      pid: 20,
      program: 'program-20',
      unit: 'spampd.service',
      file: '/usr/share/perl5/Mail/SpamAssassin.pm',
    },
  ]);
});

test('where nothing tells whose process it is, every service of the image is restarted', async (t) => {
  const box = await machine(t);
  box.write('/usr/lib/box/image.json', JSON.stringify({ ...image, servicesWaitForInit: false }));
  runs(box, 10, { maps: old });
  t.is(await box.box('outdated', '--restart'), 0);
  t.deepEqual(
    box.ran.filter((words) => words.includes('restart')),
    ['service opendkim restart', 'service dovecot restart'],
  );
});
