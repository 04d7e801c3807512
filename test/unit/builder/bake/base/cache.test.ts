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
import { cachedDisk, hashOf, type Inputs, whyMiss } from '../../../../../builder/bake/base/cache.ts';

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

test('a miss says what changed since the newest base of its release', (t) => {
  t.is(whyMiss([], inputs), 'no base yet');
  t.is(whyMiss([{ ...inputs, release: 'two' }], inputs), 'no base yet');
  t.is(whyMiss([{ ...inputs, packages: ['a', 'c'] }, inputs], inputs), 'packages changed: +b -c');
  const others = { 'disk size': '2', 'base/assemble.sh': 'y', 'apt sources': 'x' };
  t.is(
    whyMiss([inputs], { ...inputs, packages: ['b'], others }),
    'base/assemble.sh, disk size changed; packages changed: -a',
  );
  t.is(whyMiss([inputs], inputs), 'the disk is gone');
});

test('a disk is made once and then found', async (t) => {
  const folder = temporaryFolder(t);
  const made = await cachedDisk(folder, inputs, writing('disk'));
  t.false(made.hit);
  t.is(made.reason, 'no base yet');
  t.is(made.file, path.join(folder, hashOf(inputs), 'base.qcow2'));
  const found = await cachedDisk(folder, inputs, never);
  t.true(found.hit);
  t.regex(found.reason, /^nothing changed since \d{4}-\d\d-\d\dT\d\d:\d\dZ$/);
  t.is(readFileSync(found.file, 'utf8'), 'disk');
  const more = await cachedDisk(folder, { ...inputs, packages: ['a', 'b', 'c'] }, writing('other'));
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
  await t.throwsAsync(cachedDisk(folder, inputs, half), { message: 'disk full' });
  t.deepEqual(readdirSync(folder), []);
  t.is((await cachedDisk(folder, inputs, writing('whole'))).reason, 'no base yet');
});

test('two at once both get a whole disk', async (t) => {
  const folder = temporaryFolder(t);
  let release = () => {};
  const bothStarted = new Promise<void>((resolve) => {
    release = resolve;
  });
  const [first, second] = await Promise.all([
    cachedDisk(folder, inputs, async (file) => {
      await bothStarted;
      writeFileSync(file, 'disk');
    }),
    cachedDisk(folder, inputs, async (file) => {
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
  await cachedDisk(folder, inputs, writing('disk'));
  t.deepEqual(readdirSync(folder).sort(), [going, hashOf(inputs)].sort());
});
