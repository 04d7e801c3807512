/** Node.js out of an npm package: only the very bytes that the release names. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import test from 'ava';
import tar from 'tar-stream';
import { NodeRuntimeError, nodeRuntime, programOf } from '../../../../builder/bake/node-runtime.ts';
import type { NpmNode } from '../../../../releases/release.ts';

async function tarball(files: Record<string, string>): Promise<Buffer> {
  const pack = tar.pack();
  const bytes = buffer(pack);
  for (const [name, content] of Object.entries(files)) pack.entry({ name }, content);
  pack.finalize();
  return gzipSync(await bytes);
}

const source = (packed: Uint8Array): NpmNode => ({
  from: 'npm',
  package: 'node-test@1.0.0',
  integrity: `sha512-${createHash('sha512').update(packed).digest('base64')}`,
  binary: 'package/bin/node',
  licence: 'MIT',
});

test('gives the program out of the tarball', async (t) => {
  const packed = await tarball({ 'package/README.md': 'no', 'package/bin/node': 'ELF', 'package/z': 'no' });
  t.is((await programOf(packed, source(packed))).toString(), 'ELF');
});

test('refuses a tarball with another digest, and one without the program', async (t) => {
  const packed = await tarball({ 'package/bin/node': 'ELF' });
  const other = await tarball({ 'package/bin/node': 'EVIL' });
  await t.throwsAsync(programOf(other, source(packed)), {
    instanceOf: NodeRuntimeError,
    message: /has integrity/,
  });
  const empty = await tarball({ 'package/README.md': 'no' });
  await t.throwsAsync(programOf(empty, source(empty)), {
    instanceOf: NodeRuntimeError,
    message: /holds no package\/bin\/node/,
  });
});

test("fetches nothing where the release's archive has Node.js", async (t) => {
  t.is(await nodeRuntime({ node: { from: 'archive' } }, '/nowhere'), undefined);
});
