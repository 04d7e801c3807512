/** An OVA: a tar of an OVF document, a streamOptimized VMDK and the digests of both (DMTF DSP0243, OVF 1.1). */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import { ovfDocument } from '../../outputs/ovf.ts';
import { checksum } from '../digest.ts';
import type { Appliance, Disk, DiskFormat } from './format.ts';
import { byQemu, diskSize } from './qemu.ts';
import { vmdkNumbers, withSameNumbers } from './same-numbers.ts';

export const vmdk = withSameNumbers(byQemu('vmdk', ['-o', 'subformat=streamOptimized']), vmdkNumbers);

export function ova(appliance: Appliance): DiskFormat {
  return { besides: appliance, write: (disk, to) => write(disk, to, appliance), difference };
}

/** The document is first, so that whoever reads the tar as a stream knows what comes. */
async function write(disk: Disk, to: string, appliance: Appliance): Promise<void> {
  const work = `${to}.d`;
  const [ovf, file, manifest] = ['ovf', 'vmdk', 'mf'].map((ending) => `${appliance.name}.${ending}`) as [
    string,
    string,
    string,
  ];
  try {
    mkdirSync(work);
    await vmdk.write(disk, path.join(work, file));
    const fileBytes = statSync(path.join(work, file)).size;
    const capacity = await diskSize(disk.file, disk.format);
    writeFileSync(path.join(work, ovf), ovfDocument({ ...appliance, file, fileBytes, capacity }));
    writeFileSync(path.join(work, manifest), await digests(work, [ovf, file]));
    const plain = ['--owner=0', '--group=0', '--numeric-owner', '--mode=0644', '--mtime=@0'];
    await run(['tar', '--format=ustar', ...plain, '-cf', to, '-C', work, ovf, file, manifest]);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function digests(folder: string, files: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const file of files) lines.push(`SHA256(${file})= ${await checksum(path.join(folder, file))}\n`);
  return lines.join('');
}

/** Of the disk in it, of the capacity that its document says, and of the digests. */
async function difference(file: string, raw: string, report: Report): Promise<string | undefined> {
  const work = mkdtempSync(`${file}.`);
  try {
    const names = (await run(['tar', '-tf', file])).split('\n');
    const [ovf = '', disk = '', manifest = ''] = names;
    await run(['tar', '-xf', file, '-C', work]);
    if (readFileSync(path.join(work, manifest), 'utf8') !== (await digests(work, [ovf, disk])))
      return `${manifest} has other digests than the files`;
    const { size } = statSync(raw);
    if (!readFileSync(path.join(work, ovf), 'utf8').includes(` ovf:capacity="${size}" `))
      return `${ovf} says another capacity than ${size}`;
    return await vmdk.difference(path.join(work, disk), raw, report);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
