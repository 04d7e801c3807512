/** When an image is not baked again: what is known before minutes of work. That one that is gives the same bytes, the lab's same-bytes shows. */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { findLayers } from '../../../../builder/bake/layers.ts';
import { type Manifest, writeManifest } from '../../../../builder/bake/manifest.ts';
import { compile } from '../../../../builder/compile.ts';
import { loadConfig } from '../../../../builder/config/load.ts';
import { Progress } from '../../../../builder/host/progress.ts';
import { rebuild } from '../../../../builder/verify/rebuild.ts';

const compiled = compile(loadConfig('example.yaml').config);
const progress = new Progress(() => {
  throw new Error('nothing is to be baked');
}, [1, 1, 1]);

async function answer(t: ExecutionContext, change?: (inputs: Manifest['inputs']) => Manifest['inputs']) {
  const dir = mkdtempSync(path.join(tmpdir(), 'letterbox-rebuild-'));
  t.teardown(() => rmSync(dir, { recursive: true }));
  const { inputs } = await findLayers(await compiled, 'native');
  if (change !== undefined)
    writeManifest(dir, {
      name: 'example',
      version: '0',
      release: 'debian-13',
      inputs: change(inputs),
      files: {},
    });
  const verdict = await rebuild({ dir, compiled: await compiled, progress });
  t.false(existsSync(path.join(dir, 'rebuild')), 'nothing is left');
  return verdict.wrong.map(({ rule, remedy }) => `${rule}; ${remedy}`);
}

test('a folder of no image', async (t) => {
  t.deepEqual(await answer(t), ['is missing; name the folder of an image, out/<name>']);
});

test('an image that a machine was booted for', async (t) => {
  t.deepEqual(await answer(t, (inputs) => ({ ...inputs, builder: 'packer' })), [
    'is of an image that a machine was booted for, and no second one writes the same bytes; bake it without --with packer',
  ]);
});

test('other inputs are named, and where the packages came from is none', async (t) => {
  const { '/etc/nftables.conf': _, ...rest } = (await findLayers(await compiled, 'native')).inputs;
  const changed = {
    ...rest,
    'base tree': 'of another mirror',
    '/etc/postfix/main.cf': '0',
    '/etc/of-once': '1',
  };
  const [told = '', ...more] = await answer(t, () => changed);
  t.deepEqual(more, []);
  t.regex(told, /^has other inputs than this config and this Letterbox: (.*); take the project/);
  for (const name of ['/etc/of-once', '/etc/postfix/main.cf']) t.true(told.includes(name), told);
  t.false(told.includes('base tree'));
});
