/** A run of cloud-init that was cut off is made again; one that was not, isn't. The real script on a folder of its own. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { projectRoot } from '../../../builder/paths.ts';

const script = path.join(projectRoot, 'overlays/system/common/usr/lib/box/cloud-init-run');
const run = (root: string, stage: 'begin' | 'end') => execFileSync('sh', [script, stage, root]);

/** A root in which cloud-init's modules have left their marks, with one good host key and one that never got its bytes. */
function cutOff(t: ExecutionContext) {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-cloud-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  mkdirSync(path.join(root, 'etc/ssh'), { recursive: true });
  mkdirSync(path.join(root, 'var/lib/cloud/instances/i-1/sem'), { recursive: true });
  symlinkSync('instances/i-1', path.join(root, 'var/lib/cloud/instance'));
  const mark = path.join(root, 'var/lib/cloud/instances/i-1/sem/config_ssh');
  writeFileSync(mark, '');
  const [good, empty] = ['ed25519', 'ecdsa'].map((type) =>
    path.join(root, `etc/ssh/ssh_host_${type}_key`),
  ) as [string, string];
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', '', '-f', good]);
  for (const file of [empty, `${empty}.pub`, `${good}.pub`]) writeFileSync(file, '', { mode: 0o600 });
  return { root, mark, good, empty };
}

test('cut off: its marks and the keys without bytes go, a whole key stays', (t) => {
  const { root, mark, good, empty } = cutOff(t);
  const before = readFileSync(good, 'utf8');
  run(root, 'begin');
  t.false(existsSync(mark));
  t.false(existsSync(empty) || existsSync(`${empty}.pub`));
  t.is(readFileSync(good, 'utf8'), before);
  t.regex(readFileSync(`${good}.pub`, 'utf8'), /^ssh-ed25519 \S+\n$/);
});

test('not cut off: nothing is touched', (t) => {
  const { root, mark, empty } = cutOff(t);
  run(root, 'end');
  run(root, 'begin');
  t.true(existsSync(mark) && existsSync(empty));
});

test('a first boot has nothing to tidy up', (t) => {
  const root = mkdtempSync(path.join(tmpdir(), 'letterbox-cloud-'));
  t.teardown(() => rmSync(root, { recursive: true }));
  run(root, 'begin');
  mkdirSync(path.join(root, 'var/lib/cloud'), { recursive: true });
  run(root, 'begin');
  run(root, 'end');
  t.deepEqual(execFileSync('find', [root, '-type', 'f']).toString(), '');
});
