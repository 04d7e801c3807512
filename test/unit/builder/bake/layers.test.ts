/** The layers of an image: what goes into each, and what must be made anew when something changed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { BakeError } from '../../../../builder/bake/bake-error.ts';
import { builderOf } from '../../../../builder/bake/image.ts';
import { bakeInputs } from '../../../../builder/bake/inputs.ts';
import { findLayers, toMake } from '../../../../builder/bake/layers.ts';
import { whyBake, writeManifest } from '../../../../builder/bake/manifest.ts';
import { lastStep } from '../../../../builder/bake/native.ts';
import { compile } from '../../../../builder/compile.ts';
import { loadConfig } from '../../../../builder/config/load.ts';
import type { ReadLock } from '../../../../builder/lock/read.ts';
import { overlayTarball } from '../../../../builder/outputs/overlay-tarball.ts';
import { stepLines, stepsDone } from '../../../../builder/outputs/packer/provision-steps.ts';
import type { PlanFile } from '../../../../builder/plan/file.ts';
import { debian12 } from '../../../../releases/debian-12.ts';
import type { Download } from '../../../../releases/release.ts';
import { ubuntu1404 } from '../../../../releases/ubuntu-14.04.ts';

const file = (name: string, text: string, mode = '0644'): PlanFile => ({
  path: name,
  mode,
  owner: 'root',
  group: 'root',
  text,
  from: '',
});
const inputsWith = async (
  files: readonly PlanFile[],
  builder: 'native' | 'packer' = 'native',
  downloads: readonly Download[] = [],
) =>
  bakeInputs(
    {
      release: debian12,
      plan: { downloads },
      imageFiles: [
        { path: 'bake/overlay.tar', content: await overlayTarball(files) },
        { path: 'bake/verify.txt', content: 'role\ttrue\n' },
        { path: 'packer/box.pkr.json', content: '{}' },
      ],
    },
    builder,
  );
const differing = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>) =>
  [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name]).sort();

test('each file of the overlay is an input of its own: content, mode, and whether it is there', async (t) => {
  const before = await inputsWith([file('/etc/a', '1'), file('/etc/b', '1'), file('/etc/c', '1')]);
  const after = await inputsWith([file('/etc/a', '2'), file('/etc/b', '1', '0600'), file('/etc/d', '1')]);
  t.deepEqual(differing(before, after), ['/etc/a', '/etc/b', '/etc/c', '/etc/d']);
  t.deepEqual(
    differing(before, await inputsWith([file('/etc/a', '1'), file('/etc/b', '1'), file('/etc/c', '1')])),
    [],
  );
});

test('the steps and the lists are inputs of both ways, and each way has what it alone reads', async (t) => {
  const [native, packer] = [await inputsWith([]), await inputsWith([], 'packer')];
  t.deepEqual(differing(native, packer), ['base/inside.sh', 'base/unpack.sh', 'packer/box.pkr.json']);
  for (const name of ['bake/verify.txt', 'packer/provision/80-verify.sh', 'packer/provision/lib.sh'])
    t.true(name in native, name);
});

test('a download is an input by its name and its digest', async (t) => {
  const download = (sha256: string): Download => ({
    name: 'webmail',
    version: '1',
    url: 'https://example.com/webmail.tar.gz',
    sha256,
    licence: 'MIT',
    folder: 'webmail-1',
    to: '/usr/share/webmail',
  });
  const [none, one, other] = await Promise.all([
    inputsWith([]),
    inputsWith([], 'native', [download('a'.repeat(64))]),
    inputsWith([], 'native', [download('b'.repeat(64))]),
  ]);
  t.deepEqual(differing(none, one), ['download webmail']);
  t.deepEqual(differing(one, other), ['download webmail']);
});

test('a lock is an input of the image by its own name, and without one there is no such input', async (t) => {
  const { config } = loadConfig('example.yaml');
  const image = { ...config.image, mirror: 'http://mirror.example/debian' };
  const lock: ReadLock = {
    release: config.release,
    packages: [{ name: 'nginx', version: '1', architecture: 'amd64', sha256: 'a'.repeat(64) }],
    config: 'box.yaml',
    file: 'box.lock',
    placeOf: () => ({ file: 'box.lock' }),
  };
  const [free, held] = [await compile({ ...config, image }), await compile({ ...config, image }, lock)];
  for (const builder of ['native', 'packer'] as const) {
    const [before, after] = [await findLayers(free, builder), await findLayers(held, builder)];
    const base = builder === 'native' ? 'base tree' : 'base disk';
    t.deepEqual(differing(before.inputs, after.inputs), [base, 'lock']);
    t.not(before.bases[0]?.layer.hash, after.bases[0]?.layer.hash);
    t.is(before.inputs.lock, undefined);
  }
});

test('another administrator, host name or key is no input of any layer', async (t) => {
  const { config } = loadConfig('example.yaml');
  const admin = { ...config.box.admin, email: 'you@example.com' };
  const other = { ...config, box: { ...config.box, hostname: 'mx.example.com', admin, sshKeys: [] } };
  const [before, after] = await Promise.all([compile(config), compile(other)]);
  t.notDeepEqual(before.bootFiles, after.bootFiles);
  t.deepEqual(await bakeInputs(before, 'native'), await bakeInputs(after, 'native'));
});

test('what is there needs nothing below it; where the image is there, nothing is made', (t) => {
  const [low, middle, high] = [{ hit: false }, { hit: true }, { hit: false }];
  t.deepEqual(toMake([low, middle, high], true), [high]);
  t.deepEqual(toMake([low, high], true), [low, high]);
  t.deepEqual(toMake([low, middle], true), []);
  t.deepEqual(toMake([low, high], false), []);
});

test('an image is baked again when an input changed, came or went, or when a file is cut short', (t) => {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-manifest-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  const inputs = { '/etc/a': '1', '/etc/b': '1' };
  t.is(whyBake(out, inputs), 'no image yet');
  const files = { 'x.qcow2': { bytes: 4, sha256: '' } };
  writeManifest(out, { name: 'x', version: '1', release: 'one', inputs, files, bills: {} });
  t.is(whyBake(out, inputs), 'missing or cut short: x.qcow2');
  writeFileSync(path.join(out, 'x.qcow2'), 'disk');
  t.is(whyBake(out, inputs), undefined);
  t.is(whyBake(out, { '/etc/a': '2', '/etc/c': '1' }), 'changed: /etc/a, /etc/b, /etc/c');
  writeManifest(out, { name: 'x', version: '1', release: 'one', inputs, files });
  t.is(whyBake(out, inputs), 'it has no bill of materials yet');
});

test('what bakes: what is asked for, then what the config says, then what the release prefers', (t) => {
  const { config } = loadConfig('example.yaml');
  const packer = { ...config, image: { ...config.image, builder: 'packer' as const } };
  t.is(builderOf({ config, release: debian12 }), 'native');
  t.is(builderOf({ config: packer, release: debian12 }), 'packer');
  t.is(builderOf({ config: packer, release: debian12 }, 'native'), 'native');
  t.is(builderOf({ config, release: ubuntu1404 }), 'packer');
  t.throws(() => builderOf({ config, release: ubuntu1404 }, 'native'), {
    message: 'ubuntu-14.04 is baked by packer only: leave out --with native',
  });
});

test('a failed bake says the step that failed, and what is kept', (t) => {
  const log = [
    'letterbox: step 10-packages, up 1 s',
    'all there',
    'letterbox: step 20-overlay, up 2 s',
    'no room',
    '',
  ];
  t.deepEqual(lastStep(log.join('\n')), log.slice(2, 4));
  t.deepEqual(lastStep('tar: no such file\n'), ['tar: no such file']);
  t.is(
    new BakeError(['no room'], { 'whole log': 'x.log', 'look inside': 'y' }).message,
    'the bake failed:\n  no room\n  whole log: x.log\n  look inside: y',
  );
});

test('each step tells where the bake is', (t) => {
  const told = stepLines.map(stepsDone).filter((step) => step !== undefined);
  t.deepEqual(told, [0, 1, 2, 3, 4, 5, 6]);
  t.is(stepsDone('letterbox: packages: all there'), undefined);
});
