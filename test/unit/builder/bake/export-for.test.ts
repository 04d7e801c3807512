/** The file that each cloud imports: made of a small disk, read back, and refused where the cloud would not take it. */
import {
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { checksum } from '../../../../builder/bake/digest.ts';
import { ExportError, exportFor, readBack, refusalOf } from '../../../../builder/bake/export-for.ts';
import { disks, formatOf, packed } from '../../../../builder/bake/formats/index.ts';
import { readManifest, writeManifest } from '../../../../builder/bake/manifest.ts';
import { FolderBusy } from '../../../../builder/host/alone.ts';
import { run } from '../../../../builder/host/run.ts';
import { type Cloud, endingOf } from '../../../../clouds/cloud.ts';
import { type CloudName, cloudOf, clouds } from '../../../../clouds/index.ts';
import { MiB, note, smallImage, writePattern } from './small-image.ts';

const appliance = { name: 'small', cpus: 2, memory: 1024 * MiB };
const silent = () => {};
/** Of the disk, and where it has a hole. */
const size = 24 * MiB;
const hole = 20 * MiB;
const GiB = 1024 * MiB;

// One after the other: each starts programs that take all the processors they find.

/** As `letterbox export --for` does it; a cloud that counts in GiB takes this disk all the same. */
const made = async (out: string, cloud: Cloud, machine = appliance) => {
  if (cloud.import === undefined) throw new Error(`${cloud.name} imports nothing`);
  const { multipleOf: _, ...way } = cloud.import;
  return exportFor({ cloud: { ...cloud, import: way }, out, appliance: machine }, silent);
};

async function refusal(t: ExecutionContext, attempt: Promise<unknown>): Promise<string> {
  return (await t.throwsAsync(attempt, { instanceOf: ExportError }))?.message ?? '';
}

const endingHere = ({ import: way }: Cloud) => (way === undefined ? '' : endingOf(way));

const importers = clouds.filter((cloud) => cloud.import !== undefined);

for (const cloud of importers)
  test.serial(`${cloud.name}: its file is made, holds the disk, and is not made twice`, async (t) => {
    const out = await smallImage(t, size);
    const first = await made(out, cloud);
    t.true(first.file.endsWith(`/small${endingHere(cloud)}`));
    t.true(statSync(first.file).size > 0);
    const isImage = endingHere(cloud) === '.qcow2';
    t.is(first.what, isImage ? 'kept' : 'made');
    t.regex(first.reason, isImage ? /takes the image as it is$/ : /^there was none yet$/);
    const before = statSync(first.file).mtimeMs;
    const second = await made(out, cloud);
    t.is(second.what, 'kept');
    if (!isImage) t.is(second.reason, 'nothing changed');
    t.is(statSync(first.file).mtimeMs, before);
    t.deepEqual(
      readdirSync(out).filter((name) => name.endsWith('-work') || name.endsWith('.tmp')),
      [],
      'nothing half-made stays',
    );
  });

/** One cloud for each kind of file. */
const kinds = new Map(importers.map((cloud) => [kindOf(cloud), cloud]));

function kindOf({ import: way }: Cloud): string {
  return `${way?.format} ${way?.packed ?? ''}`.trim();
}

for (const [kind, cloud] of kinds)
  test.serial(`${kind}: a file of another disk is found out, with the place, and removed`, async (t) => {
    const out = await smallImage(t, size);
    const [raw, other, file] = ['raw', 'other', `file${endingHere(cloud)}`].map((name) =>
      path.join(out, name),
    ) as [string, string, string];
    writePattern(raw, size);
    writePattern(other, size);
    // One byte, in what is a hole of the other.
    writeSync(openSync(other, 'r+'), Buffer.from([7]), 0, 1, hole);
    const format = formatOf(cloud.import ?? { format: 'raw' }, appliance);
    await format.write({ file: raw, format: 'raw' }, file);
    await readBack(format, file, raw, silent);
    t.true(existsSync(file));
    t.regex(await refusal(t, readBack(format, file, other, silent)), /20971520.* it was removed/s);
    t.false(existsSync(file));
  });

test.serial(
  'the file that Google takes is one disk.raw in an old tar, and tells nothing of who made it',
  async (t) => {
    const { file } = await made(await smallImage(t, size), cloudOf('gce'));
    t.is(await run(['tar', '-tzf', file]), 'disk.raw');
    t.regex(
      await run(['tar', '--full-time', '--numeric-owner', '-tvzf', file]),
      /^-rw-r--r-- 0\/0 +25165824 1970-01-01/,
    );
  },
);

test.serial(
  'the file that Azure takes is the disk and a footer of a fixed VHD, whose size is a whole number of MiB',
  async (t) => {
    const out = await smallImage(t, size);
    const { file } = await made(out, cloudOf('azure'));
    t.is(statSync(file).size, size + 512);
    // Microsoft, "Virtual Hard Disk Image Format Specification": cookie, current size, and type 2 for fixed.
    const footer = readFileSync(file).subarray(size);
    t.is(footer.subarray(0, 8).toString(), 'conectix');
    t.is(footer.readBigUInt64BE(48), BigInt(size));
    t.is(footer.readUInt32BE(60), 2);
  },
);

test.serial('the file that Oracle takes is a streamOptimized VMDK', async (t) => {
  const { file } = await made(await smallImage(t, size), cloudOf('oracle'));
  t.regex(readFileSync(file).subarray(0, 4096).toString('latin1'), /createType="streamOptimized"/);
});

test.serial(
  'an OVA is a plain tar: the document, the disk, the digests; another machine around it is another file',
  async (t) => {
    const out = await smallImage(t, size);
    const { file } = await made(out, cloudOf('vsphere'));
    t.is(await run(['tar', '-tf', file]), 'small.ovf\nsmall.vmdk\nsmall.mf');
    const ovf = await run(['tar', '-xOf', file, 'small.ovf']);
    t.regex(ovf, / ovf:capacity="25165824" ovf:capacityAllocationUnits="byte" /);
    t.regex(ovf, /<rasd:ResourceSubType>VirtualSCSI<.*<rasd:ResourceSubType>VmxNet3</s);
    t.regex(
      await run(['tar', '-xOf', file, 'small.mf']),
      /^SHA256\(small\.ovf\)= [0-9a-f]{64}\nSHA256\(small\.vmdk\)= /,
    );
    const { what, reason } = await made(out, cloudOf('vsphere'), { ...appliance, cpus: 4 });
    t.deepEqual([what, reason], ['made', 'the machine around the disk changed']);
  },
);

test.serial(
  'an OVA whose document says another disk, or whose digests are others, is found out',
  async (t) => {
    const out = await smallImage(t, size);
    const { file } = await made(out, cloudOf('vsphere'));
    const raw = path.join(out, 'raw');
    writePattern(raw, size);
    const inside = path.join(out, 'small.ovf');
    await run(['tar', '-xf', file, '-C', out]);
    writeFileSync(inside, readFileSync(inside, 'utf8').replace('25165824', '8589934592'));
    const pack = () =>
      run(['tar', '--format=ustar', '-cf', file, '-C', out, 'small.ovf', 'small.vmdk', 'small.mf']);
    const back = () => refusal(t, readBack(formatOf({ format: 'ova' }, appliance), file, raw, silent));
    await pack();
    t.regex(await back(), /small\.mf has other digests/);
    const sums = ['small.ovf', 'small.vmdk'].map(
      async (name) => `SHA256(${name})= ${await checksum(path.join(out, name))}\n`,
    );
    writeFileSync(path.join(out, 'small.mf'), (await Promise.all(sums)).join(''));
    await pack();
    t.regex(await back(), /small\.ovf says another capacity than 25165824/);
  },
);

test.serial('a file that was cut short, or is none of its kind, is found out', async (t) => {
  const out = await smallImage(t, size);
  const { file } = await made(out, cloudOf('hetzner'));
  const raw = path.join(out, 'raw');
  writePattern(raw, size);
  const format = formatOf({ format: 'raw', packed: 'zst' }, appliance);
  writeFileSync(file, readFileSync(file).subarray(0, -100));
  t.regex(await refusal(t, readBack(format, file, raw, silent)), /it can't be read: zstd exited 1/);
  const longer = path.join(out, 'longer');
  writePattern(longer, size + MiB);
  await format.write({ file: longer, format: 'raw' }, file);
  t.regex(await refusal(t, readBack(format, file, raw, silent)), /it has 26214400 bytes, the disk 25165824/);
});

test.serial('another image, a touched file and a removed one are reasons to make it again', async (t) => {
  const out = await smallImage(t, size);
  const { file } = await made(out, cloudOf('azure'));
  const reason = async () => (await made(out, cloudOf('azure'))).reason;
  writeSync(openSync(file, 'r+'), Buffer.from([9]), 0, 1, hole);
  utimesSync(file, 1, 1);
  t.is(await reason(), 'it was written to since');
  rmSync(file);
  t.is(await reason(), 'it was removed');
  writePattern(path.join(out, 'raw'), size + MiB);
  await note(out, path.join(out, 'raw'));
  t.is(await reason(), 'the image changed');
  t.is(await reason(), 'nothing changed');
});

test.serial(
  'what the bake wrote by image.formats is the bake’s: it is read back and not made again',
  async (t) => {
    const out = await smallImage(t, size);
    const file = path.join(out, 'small.vhd');
    await disks.vhd.write({ file: path.join(out, 'small.qcow2'), format: 'qcow2' }, file);
    const manifest = readManifest(out);
    if (manifest === undefined) return t.fail();
    const vhd = { bytes: statSync(file).size, sha256: await checksum(file) };
    writeManifest(out, { ...manifest, files: { ...manifest.files, 'small.vhd': vhd } });
    const { what, reason } = await made(out, cloudOf('azure'));
    t.deepEqual([what, reason], ['kept', 'the bake wrote it; read back']);
    t.is(await checksum(file), vhd.sha256);
    t.is((await made(out, cloudOf('azure'))).reason, 'nothing changed');
  },
);

for (const [name, format] of Object.entries({ ...packed, gce: disks.gce }))
  test.serial(
    `${name}: packed from the image itself it is the same disk, and no raw one stays beside it`,
    async (t) => {
      const out = await smallImage(t, size);
      const file = path.join(out, 'packed');
      const raw = path.join(out, 'raw');
      writePattern(raw, size);
      await format.write({ file: path.join(out, 'small.qcow2'), format: 'qcow2' }, file);
      t.is(await format.difference(file, raw, silent), undefined);
      t.deepEqual(readdirSync(out).sort(), ['manifest.json', 'packed', 'raw', 'small.qcow2']);
    },
  );

test.serial('without an image it says to bake first; a damaged one is not exported', async (t) => {
  const out = await smallImage(t, size);
  const image = path.join(out, 'small.qcow2');
  writeSync(openSync(image, 'r+'), Buffer.from([9]), 0, 1, statSync(image).size - 1);
  t.regex(
    await refusal(t, made(out, cloudOf('hetzner'))),
    /is not what the bake wrote: delete it, and bake again/,
  );
  rmSync(image);
  t.regex(await refusal(t, made(out, cloudOf('hetzner'))), /there is no .*small\.qcow2 yet: bake it first/);
  t.regex(
    await refusal(t, exportFor({ cloud: cloudOf('qemu'), out, appliance }, silent)),
    /^QEMU imports nothing: the image itself is its disk$/,
  );
});

test.serial(
  'a disk that the cloud would not take is refused with the figure and the remedy, before anything is written',
  async (t) => {
    const refused = (name: CloudName, bytes: number) => {
      const { title, import: way } = cloudOf(name);
      return way === undefined ? undefined : refusalOf(title, way, bytes);
    };
    t.is(
      refused('linode', 8 * GiB),
      'Linode (Akamai) imports at most 6GiB, unpacked, and this disk has 8GiB: write `image.diskSize: 6GiB` in box.yaml, and bake again',
    );
    t.is(refused('linode', 6 * GiB), undefined);
    t.regex(refused('gce', 4097 * MiB) ?? '', /a multiple of 1GiB.*`image\.diskSize: 5GiB`/);
    t.regex(refused('azure', 8 * GiB + 512) ?? '', /a multiple of 1MiB.*`image\.diskSize: 8193MiB`/);
    t.regex(refused('digitalocean', 94 * GiB) ?? '', /at most 95367MiB/);
    const out = await smallImage(t, size);
    t.regex(
      await refusal(t, exportFor({ cloud: cloudOf('gce'), out, appliance }, silent)),
      /`image\.diskSize: 1GiB`/,
    );
    t.deepEqual(readdirSync(out).sort(), ['manifest.json', 'small.qcow2']);
  },
);

test.serial(
  'of two exports of one config at once the second is refused, and the first is none the worse',
  async (t) => {
    const out = await smallImage(t, size);
    const first = made(out, cloudOf('ec2'));
    await t.throwsAsync(made(out, cloudOf('hetzner')), {
      instanceOf: FolderBusy,
      message: `another letterbox bakes or exports in ${out}: wait until it is done, and try again`,
    });
    t.is((await first).what, 'made');
    t.is((await made(out, cloudOf('hetzner'))).what, 'made', 'then it is its turn');
  },
);
