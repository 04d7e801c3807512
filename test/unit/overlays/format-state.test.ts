/** A blank state volume gets a file system, and any other stays as it is. The real script, with mkfs.ext4 and blkid played. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';

const script = readFileSync('overlays/system/common/usr/lib/box/format-state', 'utf8');

/** Of e2fsprogs 1.42.9 on a whole disk of the SCSI kind: it asks, and takes the end of its input for no. */
const asking = `case " $* " in *" -F "*) ;; *)
  echo "$device is entire device, not just one partition!" >&2
  read -r answer && [ "$answer" = y ] || exit 1 ;;
esac`;

/** The script in a folder of its own, where `disk` stands for the device and these programs, by their shell lines, for the real ones. */
function played(t: ExecutionContext, programs: (folder: string) => Readonly<Record<string, string>>) {
  const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-format-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const at = (name: string) => path.join(folder, name);
  for (const [name, body] of Object.entries(programs(folder)))
    writeFileSync(at(name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  // A file stands for the device.
  writeFileSync(at('format-state'), script.replace('! -b', '! -e'));
  // The input is empty, as it is for what cloud-init's bootcmd starts.
  const options = { input: '', env: { PATH: `${folder}:${process.env.PATH}` }, encoding: 'utf8' } as const;
  return { at, run: () => spawnSync('sh', [at('format-state'), at('disk')], options) };
}

/** @param found how blkid ends: 0 where it knows what is there, 2 where it doesn't */
function format(t: ExecutionContext, found: number, content: Buffer) {
  const { at, run } = played(t, (folder) => ({
    'mkfs.ext4': `${asking}\necho "$*" >${folder}/made`,
    blkid: `exit ${found}`,
  }));
  writeFileSync(at('disk'), content);
  writeFileSync(at('made'), '');
  const { status } = run();
  return { status, made: readFileSync(at('made'), 'utf8') };
}

test('a blank volume is formatted, by a program that would ask as well', (t) => {
  const { status, made } = format(t, 2, Buffer.alloc(4096));
  t.is(status, 0);
  t.regex(made, /-L box-state -e remount-ro \S+\/disk\n$/);
});

test('a volume that is attached later is waited for', (t) => {
  const { at, run } = played(t, (folder) => ({
    'mkfs.ext4': `echo made >${folder}/made`,
    blkid: 'exit 2',
    // Its seconds go by at once, and in the fortieth the cloud attaches the volume.
    sleep: `echo >>${folder}/slept; [ "$(wc -l <${folder}/slept)" -lt 40 ] || : >${folder}/disk`,
  }));
  const { status, stderr } = run();
  t.is(status, 0);
  t.is(readFileSync(at('made'), 'utf8'), 'made\n');
  t.is(stderr, `Letterbox: still waiting for the state volume ${at('disk')}\n`.repeat(2));
});

test('a file system that is there is checked before it is mounted, and what is wrong with it repaired', (t) => {
  for (const [checked, words] of [
    [0, ''],
    [1, ''],
    [4, /is damaged, and fsck\.ext4 could not repair it \(4\)/],
  ] as const) {
    const { at, run } = played(t, (folder) => ({
      blkid: 'echo ext4',
      'fsck.ext4': `echo "$*" >>${folder}/checked; exit ${checked}`,
    }));
    writeFileSync(at('disk'), '');
    const { status, stderr } = run();
    t.is(status, 0);
    t.is(readFileSync(at('checked'), 'utf8'), `-y ${at('disk')}\n`);
    const own = stderr
      .split('\n')
      .filter((line) => line.includes('damaged'))
      .join('');
    if (words === '') t.is(own, '');
    else t.regex(own, words);
  }
});

test('what blkid knows, what it can not tell and what it does not know are left alone', (t) => {
  t.deepEqual(format(t, 0, Buffer.alloc(4096)), { status: 0, made: '' });
  t.deepEqual(format(t, 8, Buffer.alloc(4096)), { status: 1, made: '' });
  t.deepEqual(format(t, 2, Buffer.from('somebody’s')), { status: 1, made: '' });
});
