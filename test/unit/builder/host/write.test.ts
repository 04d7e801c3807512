import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test from 'ava';
import { writeOutputs } from '../../../../builder/host/write.ts';

test('writes what changed, leaves the rest untouched and no temporary file behind', (t) => {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-write-'));
  const files = [
    { path: 'a', content: 'one' },
    { path: 'deep/b', content: Buffer.from([0, 255]), secret: true },
  ];
  t.deepEqual(writeOutputs(out, files), ['a', 'deep/b']);
  const inode = statSync(path.join(out, 'a')).ino;
  t.deepEqual(writeOutputs(out, [...files, { path: 'c', content: 'new' }]), ['c']);
  t.is(statSync(path.join(out, 'a')).ino, inode);
  t.deepEqual([...readFileSync(path.join(out, 'deep/b'))], [0, 255]);
  t.is(statSync(path.join(out, 'deep/b')).mode & 0o777, 0o600);
  t.deepEqual(readdirSync(out).sort(), ['a', 'c', 'deep']);
  rmSync(out, { recursive: true });
});

test('a folder in the way is an error and leaves nothing half-made', (t) => {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-write-'));
  writeOutputs(out, [{ path: 'a/b', content: '' }]);
  t.throws(() => writeOutputs(out, [{ path: 'a', content: 'text' }]));
  t.deepEqual(readdirSync(out), ['a']);
  rmSync(out, { recursive: true });
});
