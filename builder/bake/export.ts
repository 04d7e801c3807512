/** Writes the baked disk in the formats that clouds and hypervisors take. */
import { renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/schema.ts';
import type { Report } from '../host/progress.ts';
import { run } from '../host/run.ts';
import { checksum } from './digest.ts';

type Format = Config['image']['formats'][number];

const convert = (...options: string[]) => ['qemu-img', 'convert', '-m', '4', '-W', ...options] as const;

/** For each format: the file's ending, and qemu-img's arguments (qemu-img(1)). */
const formats: Readonly<
  Record<Exclude<Format, 'gce'>, { readonly ending: string; readonly argv: readonly [string, ...string[]] }>
> = {
  qcow2: { ending: 'qcow2', argv: convert('-O', 'qcow2', '-c', '-o', 'compression_type=zstd') },
  raw: { ending: 'raw', argv: convert('-O', 'raw') },
  vmdk: { ending: 'vmdk', argv: ['qemu-img', 'convert', '-O', 'vmdk', '-o', 'subformat=streamOptimized'] },
  vhd: { ending: 'vhd', argv: ['qemu-img', 'convert', '-O', 'vpc', '-o', 'subformat=fixed,force_size=on'] },
};

/** The qcow2 is always written, since `letterbox boot` runs it. Gives each file's size and SHA-256. */
export async function exportFormats(
  disk: string,
  out: string,
  config: Config,
  report: Report,
): Promise<Record<string, { bytes: number; sha256: string }>> {
  const wanted = [...new Set<Format>(['qcow2', ...config.image.formats])];
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const [index, format] of wanted.entries()) {
    report(`writing ${format}`, index / wanted.length);
    const name = `${config.name}.${format === 'gce' ? 'tar.gz' : formats[format].ending}`;
    const temporary = path.join(out, `${name}.tmp`);
    if (format === 'gce') await googleArchive(disk, temporary);
    else await run([...formats[format].argv, disk, temporary]);
    renameSync(temporary, path.join(out, name));
    files[name] = {
      bytes: statSync(path.join(out, name)).size,
      sha256: await checksum(path.join(out, name)),
    };
  }
  return files;
}

/** Google wants a gzipped old-GNU tar that holds one sparse file, `disk.raw` (Compute Engine, "Manually import boot disks"). */
async function googleArchive(disk: string, archive: string): Promise<void> {
  const raw = path.join(path.dirname(archive), 'disk.raw');
  try {
    await run([...formats.raw.argv, disk, raw]);
    await run(['tar', '--format=oldgnu', '-Sczf', archive, '-C', path.dirname(raw), 'disk.raw']);
  } finally {
    rmSync(raw, { force: true });
  }
}
