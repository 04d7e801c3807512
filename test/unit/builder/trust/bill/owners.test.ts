/** Whose each file of an image is: by real paths, and a file of nobody stands out. */
import test from 'ava';
import { ownership } from '../../../../../builder/trust/bill/owners.ts';
import { reasons } from '../../../../../builder/trust/bill/reasons.ts';
import { parseListing } from '../../../../../builder/trust/bill/tree.ts';

const listing = [
  'drwxr-xr-x 0/0               0 2026-11-24 00:00 ./usr/lib/',
  'lrwxrwxrwx 0/0               0 2026-11-24 00:00 ./lib -> usr/lib',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./usr/lib/libc.so.6',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./usr/bin/pg_config.libpq-dev',
  'lrwxrwxrwx 0/0               0 2026-11-24 00:00 ./usr/bin/awk -> /etc/alternatives/awk',
  'lrwxrwxrwx 0/0               0 2026-11-24 00:00 ./etc/alternatives/awk -> /usr/bin/mawk',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./etc/chrony/chrony.conf',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./etc/postfix/main.cf',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./usr/share/webmail/in dex.php',
  '-rw-r--r-- 0/0             120 2026-11-24 00:00 ./etc/passwd',
  'lrwxrwxrwx 0/0               0 2026-11-24 00:00 ./etc/systemd/system/x.wants/x.service -> /lib/systemd/system/x.service',
];
const system = (more: readonly string[] = []) => ({
  files: parseListing([...listing, ...more]),
  lists: ['/.\n/lib\n/lib/libc.so.6\n', '/usr/bin/pg_config\n'],
  diversions: '/usr/bin/pg_config\n/usr/bin/pg_config.libpq-dev\npostgresql-common\n',
  alternatives: {
    awk: 'auto\n/usr/bin/awk\nawk.1.gz\n/usr/share/man/man1/awk.1.gz\n\n/usr/bin/mawk\n5\n\n\n',
  },
  ucf: 'chrony \t /etc/chrony/chrony.conf\n',
});
const laid = { overlay: ['/etc/postfix/main.cf'], downloads: ['/usr/share/webmail'] };

test('a file is a package’s under whatever name of its folder, and where it was diverted to', (t) => {
  const { packages, overlay, downloads } = ownership(system(), laid);
  t.deepEqual({ packages, overlay, downloads }, { packages: 3, overlay: 1, downloads: 1 });
});

test('what a script made has its reason: alternatives, ucf, and those of the table', (t) => {
  const { none, unknown } = ownership(system(), laid);
  t.deepEqual(unknown, []);
  t.deepEqual(
    none.map(({ files }) => files),
    [
      ['/etc/alternatives/awk', '/usr/bin/awk'],
      ['/etc/chrony/chrony.conf'],
      ['/etc/systemd/system/x.wants/x.service'],
      ['/etc/passwd'],
    ],
  );
});

const file = (path: string) => `-rwxr-xr-x 0/0 120 2026-11-24 00:00 .${path}`;
for (const path of [
  '/usr/bin/backdoor',
  '/usr/local/bin/tool',
  '/etc/systemd/system/x.wants/y.service',
  '/etc/cron.d/job',
  '/etc/ssl/certs/more.pem',
  '/usr/lib/python3/dist-packages/__pycache__/none.cpython-313.pyc',
  '/boot/grub/i386-pc/more.mod',
  '/etc/nginx/sites-enabled/more',
  '/usr/lib/python3/dist-packages/more.pth',
  '/root/.ssh/authorized_keys',
  '/home/user-data/mail.db',
])
  test(`a new file of nobody is told: ${path}`, (t) => {
    t.deepEqual(ownership(system([file(path)]), laid).unknown, [path]);
  });

test('of the reasons none covers a place where programs or services lie, but as a link', (t) => {
  const places = [
    '/usr/bin/x',
    '/usr/sbin/x',
    '/usr/lib/x.so',
    '/etc/systemd/system/x.service',
    '/etc/cron.daily/x',
  ];
  for (const { why, paths, links } of reasons)
    for (const place of places) t.true(links === true || !paths.test(place), `${why}: ${place}`);
});
