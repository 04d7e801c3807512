/** Makes a base disk from a vendor's cloud image: fetched once, checked against its SHA-256, grown to the disk's size. */
import type { CloudImageBase } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import { fetchChecked } from '../download.ts';

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
