/** The number of an image: out of the tree that was provisioned, else out of what Packer's log has. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { imageId, saidId } from '../../../../builder/bake/image-id.ts';
import { run } from '../../../../builder/host/run.ts';

test('it is read out of a tree as the bake packs it, and out of Packer’s log where there is none', async (t) => {
  const work = mkdtempSync(path.join(tmpdir(), 'letterbox-image-id-'));
  t.teardown(() => rmSync(work, { recursive: true }));
  mkdirSync(path.join(work, 'tree/usr/lib/box'), { recursive: true });
  writeFileSync(path.join(work, 'tree/usr/lib/box/image-id'), '305beb5bfb21acc6\n');
  const file = path.join(work, 'root.tar');
  await run(['tar', '-c', '--sort=name', '-f', file, '-C', path.join(work, 'tree'), '.']);
  t.is(await imageId({ file }, work), '305beb5bfb21acc6');
  writeFileSync(
    path.join(work, 'packer.log'),
    '    qemu.box: letterbox: box: this is image 0123456789abcdef\n',
  );
  t.is(await imageId(undefined, work), '0123456789abcdef');
});

test('a log without it tells nothing', (t) => {
  t.is(saidId('letterbox: box: this is image\n'), undefined);
});
