/** The provision step that unpacks downloads, run in a folder that stands for the box. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { checksum } from '../../../../builder/bake/digest.ts';
import { releases } from '../../../../releases/index.ts';

/** An archive with a folder `program-1` of files that anyone may write to, and where to unpack it. */
async function given(t: ExecutionContext) {
  const work = mkdtempSync(path.join(tmpdir(), 'letterbox-downloads-'));
  t.teardown(() => rmSync(work, { recursive: true }));
  const [bake, root, source] = ['bake', 'root', 'source'].map((name) => path.join(work, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [bake, path.join(root, 'usr/share'), path.join(source, 'program-1/setup')])
    mkdirSync(folder, { recursive: true });
  for (const name of ['start.php', 'setup/first.php'])
    writeFileSync(path.join(source, 'program-1', name), name, { mode: 0o666 });
  const archive = path.join(bake, 'program.tar');
  spawnSync('tar', ['-czf', archive, '--mode=a+rwX', '--owner=someone:1234', '-C', source, 'program-1']);
  const sha256 = await checksum(archive);
  const unpack = (folder = 'program-1', digest = sha256) => {
    const line = ['program.tar', digest, folder, '/usr/share/program', 'setup'].join('\t');
    writeFileSync(path.join(bake, 'downloads.txt'), `${line}\n`);
    return spawnSync('sh', ['packer/provision/15-downloads.sh'], {
      encoding: 'utf8',
      env: { ...process.env, LETTERBOX_BAKE: bake, LETTERBOX_ROOT: root },
    });
  };
  return { unpack, share: path.join(root, 'usr/share'), bake, sha256 };
}

test('a download becomes a folder that its owner alone may write to, without what is not wanted', async (t) => {
  const { unpack, share } = await given(t);
  t.is(unpack().status, 0);
  t.deepEqual(readdirSync(share), ['program']);
  t.deepEqual(readdirSync(path.join(share, 'program')), ['start.php']);
  const { mode, uid } = statSync(path.join(share, 'program/start.php'));
  t.is(mode & 0o777, 0o644);
  t.true(uid === process.getuid?.());
});

test('another digest, another folder or one that is there already ends the bake, and leaves nothing', async (t) => {
  const { unpack, share, sha256 } = await given(t);
  const other = unpack('program-1', 'a'.repeat(64));
  t.is(other.status, 1);
  t.regex(other.stderr, new RegExp(`has SHA-256 ${sha256}, not a{64}`));
  const noFolder = unpack('program-2');
  t.is(noFolder.status, 1);
  t.regex(noFolder.stderr, /has no folder program-2/);
  t.deepEqual(readdirSync(share), []);
  t.is(unpack().status, 0);
  t.regex(unpack().stderr, /is there already/);
  t.deepEqual(readdirSync(share), ['program']);
});

test('each download of a release has an address by https, a whole digest and a place of its own', (t) => {
  for (const { roles, name } of releases.values()) {
    const all = Object.values(roles).flatMap(({ downloads = [] }) => downloads);
    for (const { url, sha256, folder, to, without = [] } of all) {
      t.regex(url, /^https:\/\//, name);
      t.regex(sha256, /^[0-9a-f]{64}$/, url);
      t.regex(to, /^\/usr\/[a-z0-9./-]+$/, url);
      for (const inside of [folder, ...without]) t.regex(inside, /^[A-Za-z0-9][A-Za-z0-9._/-]*$/, url);
    }
    t.is(new Set(all.map(({ to }) => to)).size, all.length, `${name}: two downloads in one place`);
    t.is(new Set(all.map((each) => each.name)).size, all.length, `${name}: two downloads of one name`);
  }
});
