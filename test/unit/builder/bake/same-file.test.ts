/** One disk is the same file each time, in every format: nothing of the moment, of chance or of the order of work is in it. */
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { checksum } from '../../../../builder/bake/digest.ts';
import type { DiskFormat } from '../../../../builder/bake/formats/format.ts';
import { disks, formatOf, packed } from '../../../../builder/bake/formats/index.ts';
import { vmdkNumbers } from '../../../../builder/bake/formats/same-numbers.ts';
import { run } from '../../../../builder/host/run.ts';
import { MiB, writePattern } from './small-image.ts';

const formats: Readonly<Record<string, DiskFormat>> = {
  ...disks,
  'raw.gz': packed.gz,
  'raw.zst': packed.zst,
  ova: formatOf({ format: 'ova' }, { name: 'small', cpus: 2, memory: 1024 * MiB }),
};

/** A disk of GPT, as far as its number goes; the image is a qcow2, as the bake leaves it. */
async function disk(folder: string, guid: string): Promise<string> {
  const raw = path.join(folder, 'raw');
  writePattern(raw, 24 * MiB);
  const descriptor = openSync(raw, 'r+');
  writeSync(descriptor, guid, 512 + 56);
  closeSync(descriptor);
  const file = path.join(folder, `${guid}.qcow2`);
  await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, file]);
  rmSync(raw);
  return file;
}

test.serial(
  'the same disk in another folder and second is the same file, and another disk another',
  async (t) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-same-'));
    t.teardown(() => rmSync(folder, { recursive: true }));
    const one = await disk(folder, 'a disk of its own');
    const other = await disk(folder, 'a disk of another');
    const written = async (place: string, file: string) => {
      mkdirSync(path.join(folder, place));
      const sums: Record<string, string> = {};
      for (const [name, format] of Object.entries(formats)) {
        const to = path.join(folder, place, `small.${name}`);
        await format.write({ file, format: 'qcow2' }, to);
        sums[name] = await checksum(to);
      }
      return sums;
    };
    const first = await written('first', one);
    // A VHD has the second in which it was made, an archive those of its files.
    await sleep(1100);
    t.deepEqual(await written('second', one), first);
    const another = await written('another', other);
    for (const name of Object.keys(formats)) t.not(another[name], first[name], name);

    const contentId = (place: string) =>
      /^CID=.*$/m.exec(readFileSync(path.join(folder, place, 'small.vmdk'), 'latin1'))?.[0];
    t.regex(contentId('first') ?? '', /^CID=(?!00000000)[0-9a-f]{8}$/);
    t.not(contentId('another'), contentId('first'));
    // qemu-img writes the number without leading zeros.
    const vmdk = path.join(folder, 'first', 'small.vmdk');
    const short = readFileSync(vmdk, 'latin1').replace(/^CID=.*\n([^\0]*)\0/m, 'CID=1234567\n$1\0\0');
    writeFileSync(vmdk, short, 'latin1');
    await vmdkNumbers(vmdk);
    t.is(await checksum(vmdk), first.vmdk ?? '');
    // qemu-img refuses a footer whose sum is wrong.
    const info = await run(['qemu-img', 'info', '-f', 'vpc', path.join(folder, 'first', 'small.vhd')]);
    t.regex(info, /virtual size: 24 MiB/);
  },
);
