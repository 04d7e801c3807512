/** A lock that is wrong is told with file, line, rule and remedy, all of it at once, and is left as it is. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { ConfigError } from '../../../../builder/config/problem.ts';
import { lockText } from '../../../../builder/lock/lock.ts';
import { readLock } from '../../../../builder/lock/read.ts';
import { debian13 } from '../../../../releases/debian-13.ts';
import type { Release } from '../../../../releases/release.ts';
import { ubuntu1404 } from '../../../../releases/ubuntu-14.04.ts';

const sha256 = 'a'.repeat(64);
const packages = [
  { name: 'adduser', version: '3.152', architecture: 'all', sha256 },
  { name: 'libstdc++6', version: '14.2.0-19', architecture: 'amd64', sha256 },
  { name: 'nginx', version: '1.26.3-3+deb13u1', architecture: 'amd64', sha256 },
];
const good = lockText({ release: 'debian-13', packages });

function read(
  t: ExecutionContext,
  text: string,
  wanted: readonly string[] = ['nginx'],
  release: Release = debian13,
) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-lock-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const config = path.join(folder, 'box.yaml');
  writeFileSync(path.join(folder, 'box.lock'), text);
  return {
    lock: () => readLock(config, { release, packages: () => wanted }),
    /** What is said, without the folder. */
    said: () => {
      const error = t.throws(() => readLock(config, { release, packages: () => wanted }), {
        instanceOf: ConfigError,
      });
      t.deepEqual(readdirSync(folder), ['box.lock']);
      t.is(readFileSync(path.join(folder, 'box.lock'), 'utf8'), text);
      return (error?.message ?? '').replaceAll(`${folder}/`, '').split('\n');
    },
  };
}

const anew = '`letterbox lock box.yaml` writes the file anew';

test('where there is none, nothing is held and nothing is asked', (t) => {
  const nobody = () => t.fail() as never;
  t.is(readLock('/nonexistent/box.yaml', { release: debian13, packages: nobody }), undefined);
  t.is(readLock('/nonexistent/box.yaml', { release: ubuntu1404, packages: nobody }), undefined);
});

test('what was written is read again, each package with its line', (t) => {
  const lock = read(t, good).lock();
  t.deepEqual(lock?.packages, packages);
  t.is(lock?.release, 'debian-13');
  t.is(good.split('\n')[(lock?.placeOf(2).line ?? 0) - 1], `  - nginx 1.26.3-3+deb13u1 amd64 ${sha256}`);
});

test('another release, a line that is none, a duplicate, a wrong count and a package too few are told at once', (t) => {
  const text = good
    .replace('debian-13', 'debian-12')
    .replace('  - libstdc++6 14.2.0-19 amd64 a', '  - libstdc++6 14.2.0-19 amd64 ')
    .replace('count', `  - nginx 1.27 amd64 ${sha256}\ncount`);
  t.deepEqual(read(t, text, ['nginx', 'postfix', 'dovecot-core']).said(), [
    `box.lock:5:10: release: is debian-12, and the config has debian-13; ${anew}`,
    `box.lock:6:1: packages: lacks what the config wants: postfix, dovecot-core; ${anew}`,
    `box.lock:8:5: packages[1]: is not name, version, architecture and SHA-256 (64 digits of hexadecimal); ${anew}`,
    'box.lock:10:5: packages[3]: names nginx again, first on line 9; keep one of them',
    `box.lock:11:8: count: is 3, and the packages above are 4; ${anew}`,
  ]);
});

test('a file that was cut short is known by its end', (t) => {
  const cut = (from: string) => read(t, good.slice(0, good.indexOf(from))).said();
  t.deepEqual(cut('count'), [`box.lock:4:1: count: is missing at the end: the file is cut short; ${anew}`]);
  t.deepEqual(cut('  - nginx'), [
    `box.lock:4:1: count: is missing at the end: the file is cut short; ${anew}`,
  ]);
  t.deepEqual(read(t, '').said(), [`box.lock: is empty; ${anew}`]);
});

test('a merge that was not ended, keys of nobody and another format are told by their lines', (t) => {
  const merged = good.replace('  - nginx', '<<<<<<< HEAD\n  - nginx');
  t.regex(read(t, merged).said()[0] ?? '', /^box\.lock:\d+:\d+: .*writes the file anew$/);
  const strange = good.replace('format: 1', 'format: 2\nmirror: x');
  t.deepEqual(read(t, strange).said(), [
    `box.lock:4:9: format: must be 1, the format that this Letterbox reads; ${anew}`,
    `box.lock:5:1: mirror: is no key of a lock; ${anew}`,
  ]);
  t.deepEqual(read(t, '- a\n').said(), [`box.lock:1:1: is no lock; ${anew}`]);
  t.deepEqual(read(t, 'format: 1\nrelease: debian-13\npackages: all\ncount: x\n').said(), [
    `box.lock:3:11: packages: must be a list of packages; ${anew}`,
    `box.lock:4:8: count: must be the number of packages; ${anew}`,
  ]);
});

test('a release whose packages come out of a vendor’s image can’t be held, and says why', (t) => {
  t.deepEqual(read(t, good, [], ubuntu1404).said(), [
    "box.lock: no lock can hold the packages of ubuntu-14.04: they are those of the vendor's image, and what that image's own apt adds inside of it; remove the file",
  ]);
});
