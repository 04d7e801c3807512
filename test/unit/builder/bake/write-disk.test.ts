/** The script that lays the baked disk onto a machine's second one, with programs that stand for those of the machine. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import test, { type ExecutionContext } from 'ava';

/** A machine whose root file system is on the first partition of `root`, and which has these disks. */
function machine(t: ExecutionContext, root: string, disks: readonly string[]) {
  const work = mkdtempSync(path.join(tmpdir(), 'letterbox-write-disk-'));
  t.teardown(() => rmSync(work, { recursive: true }));
  const program = (name: string, text: string) =>
    writeFileSync(path.join(work, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program('findmnt', 'echo /dev/the-root');
  program(
    'lsblk',
    `case "$*" in *PKNAME*the-root) echo "${root}" ;; *) printf '%s disk\\n' ${disks.join(' ')}; echo loop0 loop ;; esac`,
  );
  // The disk is not there to be written: it is told instead where it would go.
  program('dd', `printf '%s\\n' "$*" >${work}/dd.txt; cat >${work}/written`);
  const disk = path.join(work, 'disk.gz');
  writeFileSync(disk, gzipSync('all of the disk'));
  const ran = spawnSync('sh', ['packer/surrogate/write-disk.sh'], {
    encoding: 'utf8',
    env: { PATH: `${work}:${process.env.PATH}`, LETTERBOX_DISK: disk },
  });
  const read = (name: string) =>
    existsSync(path.join(work, name)) ? readFileSync(path.join(work, name), 'utf8') : undefined;
  return { status: ran.status, said: ran.stdout + ran.stderr, read };
}

test('the disk goes onto the one that / is not on, and does not stay behind', (t) => {
  const { status, said, read } = machine(t, 'nvme0n1', ['nvme0n1', 'nvme1n1']);
  t.is(status, 0, said);
  t.is(read('dd.txt'), 'of=/dev/nvme1n1 bs=4M conv=fsync\n');
  t.is(read('written'), 'all of the disk');
  t.is(read('disk.gz'), undefined);
});

test('it writes nothing where it can not tell which disk is meant', (t) => {
  for (const [root, disks] of [
    ['xvda', ['xvda']],
    ['xvda', ['xvda', 'xvdf', 'xvdg']],
    ['', ['xvda', 'xvdf']],
  ] as const) {
    const { status, said, read } = machine(t, root, disks);
    t.is(status, 1, said);
    t.regex(said, /letterbox: (?:there must be one other disk|which disk is)/);
    t.is(read('written'), undefined);
  }
});
