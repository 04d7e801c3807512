import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import {
  findLayer,
  hashOf,
  type Inputs,
  type Layer,
  makeLayer,
  some,
  whyMiss,
} from '../../../../../builder/bake/base/cache.ts';

const inputs: Inputs = {
  release: 'one',
  packages: ['a', 'b'],
  others: { 'disk size': '1', 'apt sources': 'x' },
};

function temporaryFolder(t: ExecutionContext): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-base-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}
/** Looks up and makes, as a bake does. */
async function cached(folder: string, wanted: Inputs, make: Parameters<typeof makeLayer>[1]): Promise<Layer> {
  const layer = findLayer('base disk', folder, 'base.qcow2', wanted);
  await makeLayer(layer, make);
  return layer;
}
const writing = (text: string) => async (file: string) => writeFileSync(file, text);
const never = async () => {
  throw new Error('made again');
};

test('the hash is that of what goes in, whatever its order', (t) => {
  const other = {
    release: 'one',
    packages: ['b', 'a', 'a'],
    others: { 'apt sources': 'x', 'disk size': '1' },
  };
  t.is(hashOf(inputs), hashOf(other));
  t.regex(hashOf(inputs), /^[0-9a-f]{16}$/);
  const changed: Inputs[] = [
    { ...inputs, release: 'two' },
    { ...inputs, packages: ['a'] },
    { ...inputs, others: { ...inputs.others, 'disk size': '2' } },
    { ...inputs, others: { 'disk size': '1' } },
  ];
  t.is(new Set([inputs, ...changed].map(hashOf)).size, 5);
});

test('a miss says what changed since the newest layer of its release', (t) => {
  t.is(whyMiss([], inputs), 'there was none yet');
  t.is(whyMiss([{ ...inputs, release: 'two' }], inputs), 'there was none yet');
  t.is(whyMiss([{ ...inputs, packages: ['a', 'c'] }, inputs], inputs), 'packages changed: +b -c');
  const others = { 'disk size': '2', 'base/assemble.sh': 'y', 'apt sources': 'x' };
  t.is(
    whyMiss([inputs], { ...inputs, packages: ['b'], others }),
    'base/assemble.sh, disk size changed; packages changed: -a',
  );
  t.is(whyMiss([inputs], inputs), 'it is gone');
});

test('of many names the first few are told', (t) => {
  t.is(some(['a', 'b']), 'a, b');
  t.is(some(['a', 'b', 'c', 'd', 'e', 'f']), 'a, b, c, d and 2 more');
});

test('looking a layer up makes nothing', (t) => {
  const folder = temporaryFolder(t);
  const layer = findLayer('base disk', folder, 'base.qcow2', inputs);
  t.like(layer, { hit: false, reason: 'there was none yet', hash: hashOf(inputs) });
  t.deepEqual(readdirSync(folder), []);
});

test('a layer is made once and then found', async (t) => {
  const folder = temporaryFolder(t);
  const made = await cached(folder, inputs, writing('disk'));
  t.false(made.hit);
  t.is(made.reason, 'there was none yet');
  t.is(made.file, path.join(folder, hashOf(inputs), 'base.qcow2'));
  const found = await cached(folder, inputs, never);
  t.true(found.hit);
  t.regex(found.reason, /^nothing changed since \d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
  t.is(readFileSync(found.file, 'utf8'), 'disk');
  const more = await cached(folder, { ...inputs, packages: ['a', 'b', 'c'] }, writing('other'));
  t.is(more.reason, 'packages changed: +c');
  t.true(existsSync(made.file));
});

test('a failure leaves nothing half-made', async (t) => {
  const folder = temporaryFolder(t);
  const half = async (file: string, work: string) => {
    writeFileSync(file, 'half');
    writeFileSync(path.join(work, 'root.tar'), 'half');
    throw new Error('disk full');
  };
  await t.throwsAsync(cached(folder, inputs, half), { message: 'disk full' });
  t.deepEqual(readdirSync(folder), []);
  t.is((await cached(folder, inputs, writing('whole'))).reason, 'there was none yet');
});

test('two at once both get a whole layer', async (t) => {
  const folder = temporaryFolder(t);
  let release = () => {};
  const bothStarted = new Promise<void>((resolve) => {
    release = resolve;
  });
  const [first, second] = await Promise.all([
    cached(folder, inputs, async (file) => {
      await bothStarted;
      writeFileSync(file, 'disk');
    }),
    cached(folder, inputs, async (file) => {
      release();
      writeFileSync(file, 'disk');
    }),
  ]);
  t.is(first.file, second.file);
  t.is(readFileSync(first.file, 'utf8'), 'disk');
  t.deepEqual(readdirSync(folder), [hashOf(inputs)]);
});

test('what a killed run left is removed, and work that still goes on is left alone', async (t) => {
  const folder = temporaryFolder(t);
  // Larger than any process id that the kernel gives (PID_MAX_LIMIT, 2^22).
  mkdirSync(path.join(folder, '.work-4194305-00000000'));
  const going = `.work-${process.ppid}-00000000`;
  mkdirSync(path.join(folder, going));
  await cached(folder, inputs, writing('disk'));
  t.deepEqual(readdirSync(folder).sort(), [going, hashOf(inputs)].sort());
});
