/** apt itself, on an archive of a few packages that moves on: what a lock is made of, what it holds, and what it can't have any more. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Archive, inArchive } from '../../builder/bake/base/archive.ts';
import { checkAvailable } from '../../builder/bake/base/hold.ts';
import { ConfigError } from '../../builder/config/problem.ts';
import { changesBetween } from '../../builder/lock/changes.ts';
import { lockText } from '../../builder/lock/lock.ts';
import { pinsText } from '../../builder/lock/pins.ts';
import { readLock } from '../../builder/lock/read.ts';
import { compareVersions } from '../../builder/lock/versions.ts';
import { debian13 } from '../../releases/debian-13.ts';
import { outcome, output } from '../rig/program.ts';

/** Fields of a package besides its name and version. */
type Fields = Readonly<Record<string, string>>;
type Suite = Readonly<Record<string, Fields>>;

const sha256 = (content: string | Uint8Array) => createHash('sha256').update(content).digest('hex');

/** An archive of suites, each of packages by `name version`, made by dpkg-deb; what is made anew is all that it then has. */
async function mirror(t: ExecutionContext) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-mirror-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const architecture = (await output(['dpkg', '--print-architecture'])).trim();
  const deb = async (name: string, version: string, fields: Fields) => {
    const file = `pool/${name}_${version}_all.deb`;
    const tree = path.join(folder, 'tree', `${name}-${version}`);
    const control = { Package: name, Version: version, Architecture: 'all', Maintainer: 'nobody', ...fields };
    const text = Object.entries({ ...control, Description: 'a thing' }).map(
      ([key, value]) => `${key}: ${value}`,
    );
    mkdirSync(path.join(tree, 'DEBIAN'), { recursive: true });
    mkdirSync(path.join(folder, 'pool'), { recursive: true });
    writeFileSync(path.join(tree, 'DEBIAN/control'), `${text.join('\n')}\n`);
    // Once: another build of the same is another file.
    if (!existsSync(path.join(folder, file)))
      await output(['dpkg-deb', '--root-owner-group', '--build', tree, path.join(folder, file)]);
    const bytes = readFileSync(path.join(folder, file));
    return [...text, `Filename: ${file}`, `Size: ${bytes.length}`, `SHA256: ${sha256(bytes)}`, ''].join('\n');
  };
  const publish = async (suites: Readonly<Record<string, Suite>>) => {
    for (const [suite, packages] of Object.entries(suites)) {
      const records: string[] = [];
      for (const [what, fields] of Object.entries(packages)) {
        const [name = '', version = ''] = what.split(' ');
        records.push(await deb(name, version, fields));
      }
      const index = `main/binary-${architecture}/Packages`;
      const dist = path.join(folder, 'dists', suite);
      mkdirSync(path.join(dist, path.dirname(index)), { recursive: true });
      writeFileSync(path.join(dist, index), records.join('\n'));
      const { size } = statSync(path.join(dist, index));
      writeFileSync(
        path.join(dist, 'Release'),
        `Suite: ${suite}\nCodename: ${suite}\nComponents: main\nArchitectures: ${architecture}\nSHA256:\n ${sha256(records.join('\n'))} ${size} ${index}\n`,
      );
    }
  };
  const sources = ['stable', 'stable-security']
    .map((suite) => `deb [trusted=yes] file:${folder} ${suite} main\n`)
    .join('');
  const root = path.join(folder, 'apt');
  return {
    folder,
    publish,
    look: <T>(use: (archive: Archive) => T | Promise<T>) => inArchive(sources, root, use),
    pin: (text: string) => writeFileSync(path.join(root, 'etc/apt/preferences'), text),
  };
}

const base: Suite = {
  'essence 1-1': { Essential: 'yes', 'Pre-Depends': 'mawk' },
  'mawk 1-1': { Provides: 'awk' },
  'needed 1-1': { Priority: 'required' },
  'nobodys 1-1': {},
};
const first = {
  stable: {
    ...base,
    // gawk would do, but what is essential has brought the other by then.
    'tool 1-1': { Depends: 'gawk | mawk, libtool', Recommends: 'nobodys' },
    'gawk 1-1': { Provides: 'awk', Conflicts: 'mawk' },
    'libtool 1-1': {},
  },
  'stable-security': { 'libtool 1-1+deb1u1': {} },
};
const later = {
  stable: { ...base, 'tool 2-1': { Depends: 'libtool, libnew' }, 'libtool 1-2': {}, 'libnew 1-1': {} },
  'stable-security': { 'tool 2-1': { Depends: 'libtool, libnew' }, 'libtool 1-1+deb1u2': {} },
};
/** A mirror that keeps what was. */
const both = {
  stable: { ...first.stable, ...later.stable },
  'stable-security': { ...first['stable-security'], ...later['stable-security'] },
};

const said = (all: readonly { readonly name: string; readonly version: string }[]) =>
  all.map(({ name, version }) => `${name} ${version}`).sort();

test('what apt would install is locked, held where the archive has newer, and named where it is gone', async (t) => {
  const { folder, publish, look, pin } = await mirror(t);
  await publish(first);
  const packages = await look(({ resolve }) => resolve(['tool']));
  t.deepEqual(said(packages), ['essence 1-1', 'libtool 1-1+deb1u1', 'mawk 1-1', 'needed 1-1', 'tool 1-1']);
  for (const { name, version, sha256: sum } of packages)
    t.is(sum, sha256(readFileSync(path.join(folder, `pool/${name}_${version}_all.deb`))), name);

  const config = path.join(folder, 'box.yaml');
  writeFileSync(path.join(folder, 'box.lock'), lockText({ release: debian13.name, packages }));
  const lock = readLock(config, { release: debian13, packages: () => ['tool'] });
  if (lock === undefined) return t.fail();
  await t.notThrowsAsync(look(({ offers }) => checkAvailable(lock, offers)));

  await publish(both);
  await t.notThrowsAsync(look(({ offers }) => checkAvailable(lock, offers)));
  pin(pinsText(lock));
  t.deepEqual(said(await look(({ resolve }) => resolve(['tool']))), said(packages));
  // Nothing comes that is not in the lock, although a package that is needs it.
  pin(
    pinsText({
      packages: packages.map((each) => (each.name === 'tool' ? { ...each, version: '2-1' } : each)),
    }),
  );
  await t.throwsAsync(
    look(({ resolve }) => resolve(['tool'])),
    { message: /libnew.* but it is not installable/ },
  );

  pin('');
  await publish(later);
  const gone = await t.throwsAsync(
    look(({ offers }) => checkAvailable(lock, offers)),
    { instanceOf: ConfigError },
  );
  t.deepEqual(
    gone?.message.split('\n').map((line) => line.replace(/^.*?: packages\[\d\]: (.*?); .*$/, '$1')),
    [
      'libtool 1-1+deb1u1 is not in the archive any more, which has 1-2, 1-1+deb1u2',
      'tool 1-1 is not in the archive any more, which has 2-1',
    ],
  );
  const changes = await look(async ({ offers, resolve }) =>
    changesBetween(lock.packages, await resolve(['tool']), (name) =>
      offers.of(name).flatMap(({ suite, version }) => (suite === 'stable-security' ? [version] : [])),
    ),
  );
  t.deepEqual(
    changes.map(({ name, before = '', now = '', security }) => `${security} ${name} ${before} ${now}`),
    ['true libtool 1-1+deb1u1 1-2', 'true tool 1-1 2-1', 'false libnew  1-1'],
  );
});

test('an archive that can’t be had ends it, and no older list stands in', async (t) => {
  const { folder, publish, look } = await mirror(t);
  await publish(first);
  await look(({ resolve }) => resolve(['tool']));
  rmSync(path.join(folder, 'dists'), { recursive: true });
  await t.throwsAsync(
    look(({ resolve }) => resolve(['tool'])),
    { message: /apt-get exited 100/ },
  );
});

test('versions are ordered as dpkg orders them', async (t) => {
  const parts = [
    '1',
    '1.0',
    '1.10',
    '1.9',
    '1~',
    '1~rc1',
    '1+b1',
    '1a',
    '1-1',
    '1-1~bpo',
    '1-1+deb13u1',
    '0:1',
    '1:0',
    '1.0-0',
    '1-1.1',
  ];
  for (const a of parts)
    for (const b of parts) {
      const { code } = await outcome(['dpkg', '--compare-versions', a, 'lt', b]);
      t.is(compareVersions(a, b) < 0, code === 0, `${a} < ${b}`);
    }
});
