/** The lock's text and what holds apt to it; the order of versions; what differs between two lists. */
import test from 'ava';
import { changesBetween } from '../../../../builder/lock/changes.ts';
import { lockFileOf, lockText } from '../../../../builder/lock/lock.ts';
import { pinsText } from '../../../../builder/lock/pins.ts';
import { compareVersions } from '../../../../builder/lock/versions.ts';

const a = { name: 'adduser', version: '3.152', architecture: 'all', sha256: 'a'.repeat(64) };
const b = { name: 'nginx', version: '1:1.26.3-3+deb13u1', architecture: 'amd64', sha256: 'b'.repeat(64) };

test('a lock is the same text whatever the order, a line a package, and its count is last', (t) => {
  const text = lockText({ release: 'debian-13', packages: [b, a] });
  t.is(text, lockText({ release: 'debian-13', packages: [a, b] }));
  t.deepEqual(
    text.split('\n').filter((line) => !line.startsWith('#') && line !== ''),
    [
      'format: 1',
      'release: debian-13',
      'packages:',
      `  - adduser 3.152 all ${a.sha256}`,
      `  - nginx 1:1.26.3-3+deb13u1 amd64 ${b.sha256}`,
      'count: 2',
    ],
  );
  t.true(text.endsWith('count: 2\n'));
});

test('it lies beside the config, and has its name', (t) => {
  t.is(lockFileOf('box.yaml'), 'box.lock');
  t.is(lockFileOf('/etc/mail/box.yml'), '/etc/mail/box.lock');
  t.is(lockFileOf('box'), 'box.lock');
});

test('apt may take what is in the lock, even where it is older, and nothing else', (t) => {
  t.is(
    pinsText({ packages: [b, a] }),
    `Package: *
Pin: release *
Pin-Priority: -1

Package: adduser
Pin: version 3.152
Pin-Priority: 1001

Package: nginx
Pin: version 1:1.26.3-3+deb13u1
Pin-Priority: 1001
`,
  );
});

test('versions are in the order that deb-version(7) gives them', (t) => {
  const rising = [
    '1.0~~',
    '1.0~~a',
    '1.0~rc1',
    '1.0',
    '1.0-1~bpo1',
    '1.0-1',
    '1.0-1+b1',
    '1.0-1+deb13u1',
    '1.0-1+deb13u2',
    '1.0-1+deb13u10',
    '1.0a-1',
    '1.0+dfsg-1',
    '1.0.1-1',
    '1.9-1',
    '1.10-1',
    '20240905-3',
    '1:0.1-1',
  ];
  for (const [index, version] of rising.entries()) {
    t.is(compareVersions(version, version), 0, version);
    for (const other of rising.slice(index + 1)) {
      t.true(compareVersions(version, other) < 0, `${version} < ${other}`);
      t.true(compareVersions(other, version) > 0, `${other} > ${version}`);
    }
  }
  t.is(compareVersions('1.0-0', '1.0'), 0);
  t.is(compareVersions('0:1.00-1', '1.0-1'), 0);
});

test('security upgrades come first, then what is newer, older, new and gone, each by name', (t) => {
  const fixes: Readonly<Record<string, readonly string[]>> = {
    openssl: ['3.5.1-1+deb13u1'],
    'linux-image-6.12.48': ['6.12.48-1'],
    nginx: ['1.0-1'],
    folded: ['1.0-1+deb13u1'],
  };
  const found = changesBetween(
    [
      { name: 'zstd', version: '1.5' },
      { name: 'openssl', version: '3.5.1-1' },
      { name: 'nginx', version: '1.0-1' },
      { name: 'folded', version: '1.0-1' },
      { name: 'bash', version: '2' },
      { name: 'linux-image-6.12.41', version: '6.12.41-1' },
      { name: 'same', version: '1' },
    ],
    [
      { name: 'zstd', version: '1.6' },
      { name: 'openssl', version: '3.5.1-1+deb13u1' },
      { name: 'nginx', version: '1.0-2' },
      { name: 'folded', version: '1.0-1+deb13u2' },
      { name: 'bash', version: '1' },
      { name: 'linux-image-6.12.48', version: '6.12.48-1' },
      { name: 'libnew', version: '1' },
      { name: 'same', version: '1' },
    ],
    (name) => fixes[name] ?? [],
  );
  t.deepEqual(
    found.map(({ name, kind, security }) => `${security ? 'security ' : ''}${kind} ${name}`),
    [
      // A point release took the fix, and went on from there.
      'security newer folded',
      'security newer openssl',
      'security new linux-image-6.12.48',
      // Its fix is what was there already.
      'newer nginx',
      'newer zstd',
      'older bash',
      'new libnew',
      'gone linux-image-6.12.41',
    ],
  );
  t.deepEqual(found[1], {
    name: 'openssl',
    before: '3.5.1-1',
    now: '3.5.1-1+deb13u1',
    kind: 'newer',
    security: true,
  });
});
