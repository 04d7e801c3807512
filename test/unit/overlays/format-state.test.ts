/** A blank state volume gets a file system, and any other stays as it is. The real script, with mkfs.ext4 and blkid played. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

const script = readFileSync('overlays/system/common/usr/lib/box/format-state', 'utf8');

/** Of e2fsprogs 1.42.9 on a whole disk of the SCSI kind: it asks, and takes the end of its input for no. */
const asking = `case " $* " in *" -F "*) ;; *)
  echo "$device is entire device, not just one partition!" >&2
  read -r answer && [ "$answer" = y ] || exit 1 ;;
esac`;

/** @param found how blkid ends: 0 where it knows what is there, 2 where it doesn't */
function format(t: ExecutionContext, found: number, content: Buffer) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-format-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const made = path.join(folder, 'made');
  writeFileSync(path.join(folder, 'disk'), content);
  writeFileSync(made, '');
  for (const [name, body] of [
    ['mkfs.ext4', `${asking}\necho "$*" >${made}`],
    ['blkid', `exit ${found}`],
  ] as const) {
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`);
    chmodSync(path.join(folder, name), 0o755);
  }
  // A file stands for the device. The input is empty, as it is for what cloud-init's bootcmd starts.
  const file = path.join(folder, 'format-state');
  writeFileSync(file, script.replace('! -b', '! -e'));
  const { status } = spawnSync('sh', [file, path.join(folder, 'disk')], {
    input: '',
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  return { status, made: readFileSync(made, 'utf8') };
}

test('a blank volume is formatted, by a program that would ask as well', (t) => {
  const { status, made } = format(t, 2, Buffer.alloc(4096));
  t.is(status, 0);
  t.regex(made, /-L box-state \S+\/disk\n$/);
});

test('a volume that is attached later is waited for', (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-format-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const disk = path.join(folder, 'disk');
  const file = path.join(folder, 'format-state');
  writeFileSync(file, script.replace('! -b', '! -e'));
  for (const [name, body] of [
    ['mkfs.ext4', `echo made >${folder}/made`],
    ['blkid', 'exit 2'],
    // Its seconds go by at once, and in the fortieth the cloud attaches the volume.
    ['sleep', `echo >>${folder}/slept; [ "$(wc -l <${folder}/slept)" -lt 40 ] || : >${disk}`],
  ] as const)
    writeFileSync(path.join(folder, name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  const { status, stderr } = spawnSync('sh', [file, disk], {
    env: { PATH: `${folder}:${process.env.PATH}` },
  });
  t.is(status, 0);
  t.is(readFileSync(path.join(folder, 'made'), 'utf8'), 'made\n');
  t.is(String(stderr), `Letterbox: still waiting for the state volume ${disk}\n`.repeat(2));
});

test('what blkid knows, what it can not tell and what it does not know are left alone', (t) => {
  t.deepEqual(format(t, 0, Buffer.alloc(4096)), { status: 0, made: '' });
  t.deepEqual(format(t, 8, Buffer.alloc(4096)), { status: 1, made: '' });
  t.deepEqual(format(t, 2, Buffer.from('somebody’s')), { status: 1, made: '' });
});
