/** A base that is held to a lock: what the archive lacks is named before, what came out otherwise after, and the layer has its name of it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { parseUris } from '../../../../../builder/bake/base/archive.ts';
import { baseTree, lockInput } from '../../../../../builder/bake/base/base.ts';
import { mmdebstrap } from '../../../../../builder/bake/base/bootstrap.ts';
import { hashOf, whyMiss } from '../../../../../builder/bake/base/cache.ts';
import { checkAvailable, checkInstalled } from '../../../../../builder/bake/base/hold.ts';
import { Offers } from '../../../../../builder/bake/base/offers.ts';
import { digestOfText } from '../../../../../builder/bake/digest.ts';
import { ConfigError } from '../../../../../builder/config/problem.ts';
import { lockText } from '../../../../../builder/lock/lock.ts';
import type { ReadLock } from '../../../../../builder/lock/read.ts';
import { debian13 } from '../../../../../releases/debian-13.ts';
import type { BootstrapBase } from '../../../../../releases/release.ts';

const sum = (letter: string) => letter.repeat(64);
const record = (name: string, version: string, sha256: string, architecture = 'amd64') =>
  `Package: ${name}\nArchitecture: ${architecture}\nVersion: ${version}\nDescription: a thing\n Version: 9\nSHA256: ${sha256}\n`;
const locked = (name: string, version: string, sha256: string, architecture = 'amd64') => ({
  name,
  version,
  architecture,
  sha256,
});
const lockWith = (...packages: ReadLock['packages']): ReadLock => ({
  release: 'debian-13',
  packages,
  config: 'box.yaml',
  file: 'box.lock',
  placeOf: (index) => ({ file: 'box.lock', line: index + 6, column: 5 }),
});

test('an index is read by its paragraphs, and a package has the versions of all suites', (t) => {
  const offers = new Offers();
  offers.add('trixie', `${record('nginx', '1.0-1', sum('a'))}\n${record('tzdata', '2025', sum('b'), 'all')}`);
  offers.add('trixie-security', record('nginx', '1.0-1+deb13u1', sum('c')));
  t.deepEqual(
    offers.of('nginx').map(({ suite, version, sha256 }) => [suite, version, sha256]),
    [
      ['trixie', '1.0-1', sum('a')],
      ['trixie-security', '1.0-1+deb13u1', sum('c')],
    ],
  );
  t.is(offers.find('tzdata', '2025')?.architecture, 'all');
  t.is(offers.find('tzdata', '9'), undefined);
  t.deepEqual(offers.of('postfix'), []);
});

test('what the archive lacks is named, all of it at once, each with its line and what to do', (t) => {
  const offers = new Offers();
  offers.add(
    'trixie',
    [record('a', '1', sum('a')), record('b', '2', sum('b')), record('d', '1', sum('d'))].join('\n'),
  );
  offers.add('trixie-security', record('b', '3', sum('c')));
  t.notThrows(() => checkAvailable(lockWith(locked('a', '1', sum('a')), locked('b', '3', sum('c'))), offers));
  const lock = lockWith(
    locked('a', '1', sum('a')),
    locked('b', '1', sum('b')),
    locked('c', '1', sum('c')),
    locked('d', '1', sum('e')),
  );
  const error = t.throws(() => checkAvailable(lock, offers), { instanceOf: ConfigError });
  const remedy =
    '`letterbox lock box.yaml` writes the file anew, with what the archive has now; or name one in image.mirror that keeps what was';
  t.deepEqual(error?.message.split('\n'), [
    `box.lock:7:5: packages[1]: b 1 is not in the archive any more, which has 2, 3; ${remedy}`,
    `box.lock:8:5: packages[2]: the archive has no package c; ${remedy}`,
    `box.lock:9:5: packages[3]: d 1 is in the archive with another SHA-256, ${sum('d')}; ${remedy}`,
  ]);
});

test('a tree that is not what the lock says is refused, by every package that differs', (t) => {
  const status = (name: string, version: string) =>
    `Package: ${name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: ${version}\n`;
  const lock = lockWith(locked('a', '1:1', sum('a')), locked('b', '1', sum('b')));
  const digests = { 'a_1%3a1_amd64.deb': sum('a'), 'b_1_amd64.deb': sum('b'), 'b_2_amd64.deb': sum('b') };
  const all = `${status('a', '1:1')}\n${status('b', '1')}`;
  t.notThrows(() => checkInstalled(lock, all, digests));
  const refused = (text: string, its: Record<string, string> = digests) =>
    t.throws(() => checkInstalled(lock, text, its))?.message ?? '';
  t.is(
    refused(`${status('b', '2')}\n${status('c', '1')}`),
    'the base tree is not what box.lock says: a was not installed; b is 2 amd64, not 1 amd64; c was installed, and is not in the lock; `letterbox lock box.yaml` writes the file anew',
  );
  t.regex(refused(all, { ...digests, 'b_1_amd64.deb': sum('c') }), /: b_1_amd64\.deb is another file; /);
  t.regex(refused(all, {}), /: a_1%3a1_amd64\.deb is another file; b_1_amd64\.deb is another file; /);
});

test('apt’s list of what it would fetch is read by the names of the files', (t) => {
  const said = `Reading package lists...
'http://mirror.example/pool/a/adduser_3.152_all.deb' adduser_3.152_all.deb 191164 SHA256:aa
'http://mirror.example/pool/i/iputils.deb' iputils-ping_3%3a20240905-3_amd64.deb 48 SHA256:bb
`;
  t.deepEqual(parseUris(said), [
    { name: 'adduser', version: '3.152' },
    { name: 'iputils-ping', version: '3:20240905-3' },
  ]);
});

test('without a lock mmdebstrap is told what it was; with one the pins come before and go after', (t) => {
  const files = { 'base/dpkg.cfg': 'path-exclude=/usr/share/man/*\n', 'base/after-packages.sh': 'true' };
  const request = { packages: ['nginx', 'postfix'], base: debian13.base as BootstrapBase, files };
  const free = mmdebstrap({ ...request, lock: undefined });
  const held = mmdebstrap({ ...request, lock: lockWith(locked('nginx', '1', sum('a'))) });
  t.deepEqual(free, [
    '--verbose',
    '--variant=minbase',
    '--components=main',
    '--include=nginx,postfix',
    '--dpkgopt=path-exclude=/usr/share/man/*',
    '--skip=essential/unlink',
    '--setup-hook=hostname localhost',
    '--setup-hook=mkdir -p "$1/var/cache/apt/archives"',
    '--setup-hook=sync-in debs /var/cache/apt/archives',
    '--setup-hook=upload connection.conf /etc/apt/apt.conf.d/99build-host',
    '--customize-hook=sync-out /var/cache/apt/archives debs',
    '--customize-hook=true',
    '--format=tar',
    'trixie',
  ]);
  t.deepEqual(
    held.filter((word) => !free.includes(word)),
    [
      '--variant=apt',
      '--include=?and(?priority(required),?not(?essential))',
      '--setup-hook=upload box-lock /etc/apt/preferences.d/box-lock',
      '--customize-hook=rm "$1/etc/apt/preferences.d/box-lock"',
    ],
  );
  t.deepEqual(
    free.filter((word) => !held.includes(word)),
    ['--variant=minbase'],
  );
});

async function layerWith(t: ExecutionContext, lock?: ReadLock) {
  const cacheDir = mkdtempSync(path.join(tmpdir(), 'letterbox-base-'));
  t.teardown(() => rmSync(cacheDir, { recursive: true }));
  const request = {
    release: debian13,
    packages: ['nginx', 'postfix'],
    mirror: 'http://mirror.example/debian',
    diskSize: 2 ** 33,
    cacheDir,
    ...(lock === undefined ? {} : { lock }),
  };
  return (await baseTree(debian13.base as BootstrapBase, request)).layer;
}

test('a lock gives the base another name, which without one it keeps; the lock is the input that changed', async (t) => {
  const one = lockWith(locked('nginx', '1', sum('a')), locked('postfix', '1', sum('b')));
  const turned = lockWith(...[...one.packages].reverse());
  const other = lockWith(locked('nginx', '2', sum('a')), locked('postfix', '1', sum('b')));
  const [free, held, same, moved] = [
    await layerWith(t),
    await layerWith(t, one),
    await layerWith(t, turned),
    await layerWith(t, other),
  ];
  t.false('lock' in free.inputs.others);
  const { lock, ...rest } = held.inputs.others;
  t.is(free.hash, hashOf({ ...held.inputs, others: rest }));
  t.not(held.hash, free.hash);
  t.is(same.hash, held.hash);
  t.not(moved.hash, held.hash);
  t.is(whyMiss([free.inputs], held.inputs), 'lock changed');
  t.is(whyMiss([held.inputs], moved.inputs), 'lock changed');
  t.is(whyMiss([held.inputs], free.inputs), 'lock changed');
  t.is(lock, digestOfText(lockText(one)).slice(0, 16));
  t.deepEqual(lockInput(undefined), {});
});
