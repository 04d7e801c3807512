/** `letterbox lock` and `letterbox outdated`: what is written and where, what is held against what, and how each ends. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { packagesOf } from '../../../../builder/bake/packages-of.ts';
import { exitCodeOf, type LookUp, outdated, writeLock } from '../../../../builder/commands/lock.ts';
import { lockOf, planned } from '../../../../builder/compile.ts';
import { loadConfig } from '../../../../builder/config/load.ts';
import { ConfigError } from '../../../../builder/config/problem.ts';
import { cyclonedxText } from '../../../../builder/trust/bill/cyclonedx.ts';
import { releases } from '../../../../releases/index.ts';

const sha256 = 'a'.repeat(64);

/** A config in a folder of its own, and an archive that has all it wants, at this version. */
function box(t: ExecutionContext, release = 'debian-13') {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-locking-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = path.join(folder, 'box.yaml');
  const text = readFileSync('example.yaml', 'utf8').replace('release: debian-13', `release: ${release}`);
  writeFileSync(file, text);
  const loaded = loadConfig(file);
  const names = planned(loaded.config).plan.packages;
  const at =
    (version: string, fixes: readonly string[] = []): LookUp =>
    async () => ({
      packages: names.map((name) => ({ name, version, architecture: 'amd64', sha256 })),
      fixes: () => fixes,
    });
  return { folder, file, loaded, names, at, out: path.join(folder, 'out') };
}

test('a lock is written beside the config, is taken by what bakes, and says what changed since the last', async (t) => {
  const { folder, loaded, names, at } = box(t);
  t.is(lockOf(loaded), undefined);
  const first = await writeLock(loaded, undefined, at('1'));
  t.deepEqual([first.written, first.count, first.changes], [true, names.length, undefined]);
  t.deepEqual(readdirSync(folder).sort(), ['box.lock', 'box.yaml']);
  t.is(lockOf(loaded)?.packages.length, names.length);
  const again = await writeLock(loaded, undefined, at('1'));
  t.deepEqual([again.written, again.changes], [false, []]);
  const next = await writeLock(loaded, undefined, at('2', ['2']));
  t.is(next.changes?.length, names.length);
  t.true(next.changes?.every(({ kind, security }) => kind === 'newer' && security));
  t.is(lockOf(loaded)?.packages[0]?.version, '2');
});

test('one that is broken is written anew; where the archive can’t be asked, it stays', async (t) => {
  const { folder, loaded, at } = box(t);
  const lock = path.join(folder, 'box.lock');
  writeFileSync(lock, 'format: 1\n');
  const noNetwork: LookUp = async () => {
    throw new Error('no network');
  };
  await t.throwsAsync(writeLock(loaded, undefined, noNetwork), { message: 'no network' });
  t.is(readFileSync(lock, 'utf8'), 'format: 1\n');
  t.deepEqual(readdirSync(folder).sort(), ['box.lock', 'box.yaml']);
  t.throws(() => lockOf(loaded), { instanceOf: ConfigError });
  t.is((await writeLock(loaded, undefined, at('1'))).changes, undefined);
  t.notThrows(() => lockOf(loaded));
});

/** Beside an image: its bill. */
function bake(out: string, names: readonly string[], digest: string | undefined) {
  mkdirSync(out, { recursive: true });
  const components = [
    ...names.map((name) => ({
      kind: 'package' as const,
      name,
      version: '1:0.9-1',
      purl: `pkg:deb/debian/${name.replaceAll('+', '%2B')}@1%3A0.9-1?arch=amd64&distro=debian-13`,
      licences: [],
      needs: [],
      ...(digest === undefined ? {} : { digest: { algorithm: 'SHA-256' as const, content: digest } }),
    })),
    { kind: 'library' as const, name: 'zod', version: '4', purl: 'pkg:npm/zod@4', licences: [], needs: [] },
  ];
  const subject = {
    name: 'example',
    id: '',
    release: 'debian-13',
    version: '1',
    date: '2026-01-01',
    disks: {},
  };
  writeFileSync(path.join(out, 'bom.cdx.json'), cyclonedxText(subject, components));
}

test('an image is held against the archive where there is no lock, and the lock where there is one', async (t) => {
  const { loaded, names, at, out } = box(t);
  await t.throwsAsync(outdated(loaded, out, at('1:1')), {
    message: /^there is neither .*box\.lock nor an image of debian-13 in /,
  });
  bake(out, names, sha256);
  const ofImage = await outdated(loaded, out, at('1:1'));
  t.true(ofImage.against.endsWith('bom.cdx.json'));
  t.is(ofImage.changes.length, names.length);
  t.is(exitCodeOf(ofImage), 3);
  t.is(exitCodeOf(await outdated(loaded, out, at('1:1', ['1:1']))), 4);
  await writeLock(loaded, undefined, at('1:1'));
  const ofLock = await outdated(loaded, out, at('1:1', ['1:1']));
  t.true(ofLock.against.endsWith('box.lock'));
  t.deepEqual(ofLock.changes, []);
  t.is(exitCodeOf(ofLock), 0);
});

test('what the last image has can be locked, where its bill has the digests', async (t) => {
  const { loaded, names, at, out } = box(t);
  const never: LookUp = () => t.fail() as never;
  await t.throwsAsync(writeLock(loaded, out, never), { message: /says what is in it: bake first/ });
  bake(out, names, undefined);
  await t.throwsAsync(writeLock(loaded, out, never), {
    message: /has no SHA-256 of .* and \d+ more: leave out --baked/,
  });
  t.is(lockOf(loaded), undefined);
  bake(out, [...names, 'libstdc++6'], sha256);
  await writeLock(loaded, out, never);
  t.is(lockOf(loaded)?.packages.find(({ name }) => name === 'libstdc++6')?.version, '1:0.9-1');
  t.is(packagesOf(out, 'debian-13')?.length, names.length + 1);
  t.is(packagesOf(out, 'debian-12'), undefined);
  t.is((await outdated(loaded, out, at('1:0.9-1'))).changes.length, 1);
});

test('a release of a vendor’s image has neither, and the error says why', async (t) => {
  const { folder, loaded, at, out } = box(t, 'ubuntu-14.04');
  const message =
    /box\.yaml:\d+:\d+: release: no lock can hold the packages of ubuntu-14\.04: .*; bake without one/;
  const refusal = { instanceOf: ConfigError, message };
  await t.throwsAsync(writeLock(loaded, undefined, at('1')), refusal);
  await t.throwsAsync(outdated(loaded, out, at('1')), refusal);
  t.deepEqual(readdirSync(folder), ['box.yaml']);
});

test('each release that is made from packages says where its security upgrades are', (t) => {
  for (const { name, base } of releases.values())
    if (base.kind === 'bootstrap')
      t.true(
        base.suites.some(({ security }) => security),
        name,
      );
});
