/** Writes the baked disk in the formats that a config wants beside the image (`image.formats`). */
import { renameSync, statSync } from 'node:fs';
import path from 'node:path';
import { endings } from '../../clouds/cloud.ts';
import type { Config } from '../config/schema.ts';
import type { Report } from '../host/progress.ts';
import { checksum } from './digest.ts';
import { disks } from './formats/index.ts';

type Format = Config['image']['formats'][number];

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
    const name = `${config.name}${endings[format]}`;
    const temporary = path.join(out, `${name}.tmp`);
    await disks[format].write({ file: disk, format: 'qcow2' }, temporary);
    renameSync(temporary, path.join(out, name));
    files[name] = {
      bytes: statSync(path.join(out, name)).size,
      sha256: await checksum(path.join(out, name)),
    };
  }
  return files;
}
