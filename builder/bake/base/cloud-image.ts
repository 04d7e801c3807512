/** Makes a base disk from a vendor's cloud image: fetched once, checked against its SHA-256, grown to the disk's size. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { CloudImageBase } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import { checksum } from '../digest.ts';

/** The file is not the one that the release names. */
export class ChecksumError extends Error {
  override readonly name = 'ChecksumError';
}

/** Writes the disk, a qcow2, to `file`. The download stays in `downloads`. */
export async function cloudImage(
  base: CloudImageBase,
  { diskSize, downloads, report }: { diskSize: number; downloads: string; report: Report },
  file: string,
): Promise<void> {
  report(`fetching ${base.url}`);
  const image = await fetchChecked(base, downloads);
  report('writing the disk', 0.9);
  await run(['qemu-img', 'convert', '-O', 'qcow2', image, file]);
  await run(['qemu-img', 'resize', '-q', file, String(diskSize)]);
}

/** The image's path in `downloads`. Nothing that has another digest ever gets that path. */
export async function fetchChecked({ url, sha256 }: CloudImageBase, downloads: string): Promise<string> {
  const file = path.join(downloads, sha256);
  if (existsSync(file) && (await checksum(file)) === sha256) return file;
  mkdirSync(downloads, { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await run([
      'curl',
      '--fail',
      '--silent',
      '--show-error',
      '--location',
      '--retry',
      '3',
      '--output',
      temporary,
      '--',
      url,
    ]);
    const found = await checksum(temporary);
    if (found !== sha256) {
      throw new ChecksumError(
        `${url} has SHA-256 ${found}, not ${sha256}: if the vendor has renewed it, compare with the vendor's signed list ` +
          'and set the new one in the release',
      );
    }
    renameSync(temporary, file);
  } finally {
    rmSync(temporary, { force: true });
  }
  return file;
}
