/** Makes of the baked image the file that one cloud imports, and reads it back before it counts as made. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type Cloud, endingOf, type Import } from '../../clouds/cloud.ts';
import { MiB, sizeText } from '../config/values.ts';
import { alone } from '../host/alone.ts';
import type { Report } from '../host/progress.ts';
import { RunError } from '../host/run.ts';
import { checksum } from './digest.ts';
import { noteExport, whyExport } from './exported.ts';
import type { Appliance, DiskFormat } from './formats/format.ts';
import { disks, formatOf } from './formats/index.ts';
import { diskSize } from './formats/qemu.ts';
import { type Manifest, readManifest } from './manifest.ts';

/** There is no file to import: what is wrong, and what to do. */
export class ExportError extends Error {
  override readonly name = 'ExportError';
}

export interface Wanted {
  readonly cloud: Cloud;
  /** The folder of the image. */
  readonly out: string;
  readonly appliance: Appliance;
}

export interface Exported {
  readonly file: string;
  readonly what: 'made' | 'kept';
  readonly reason: string;
}

/** What is known before anything is written. */
export interface Found {
  readonly way: Import;
  readonly file: string;
  readonly image: string;
  /** SHA-256 that the bake noted of it. */
  readonly sha256: string;
  readonly manifest: Manifest;
}

/** Which file it will be. @throws ExportError where the cloud takes no disk or there is no image */
export function findExport({ cloud, out, appliance: { name } }: Wanted): Found {
  const { import: way, title } = cloud;
  if (way === undefined) throw new ExportError(`${title} imports nothing: the image itself is its disk`);
  const image = path.join(out, `${name}.qcow2`);
  const manifest = readManifest(out);
  if (manifest === undefined || !existsSync(image))
    throw new ExportError(`there is no ${image} yet: bake it first (letterbox bake)`);
  const sha256 = manifest.files[path.basename(image)]?.sha256 ?? '';
  return { way, file: path.join(out, `${name}${endingOf(way)}`), image, sha256, manifest };
}

/** The file, where it is there and holds the image. @throws ExportError where it must be made first */
export function readyExport(wanted: Wanted): Found {
  const found = findExport(wanted);
  const { way, file, image, sha256 } = found;
  const format = formatOf(way, wanted.appliance);
  const why =
    file === image
      ? undefined
      : whyExport(wanted.out, file, { image: sha256, besides: format.besides ?? null });
  if (why !== undefined)
    throw new ExportError(`${file} must be made first (${why}): letterbox export --for ${wanted.cloud.name}`);
  return found;
}

/** @throws ExportError, FolderBusy; then nothing is left of the file */
export async function exportFor(wanted: Wanted, report: Report): Promise<Exported> {
  // First: where there is no image, no folder is made either.
  findExport(wanted);
  return alone(wanted.out, () => exported(wanted, report));
}

async function exported(wanted: Wanted, report: Report): Promise<Exported> {
  const { cloud, out, appliance } = wanted;
  const { way, file, image, sha256, manifest } = findExport(wanted);
  const refused = refusalOf(cloud.title, way, await diskSize(image, 'qcow2'));
  if (refused !== undefined) throw new ExportError(refused);
  report('checking the image');
  const sum = await checksum(image);
  if (sum !== sha256) throw new ExportError(`${image} is not what the bake wrote: delete it, and bake again`);
  if (file === image) return { file, what: 'kept', reason: `${cloud.title} takes the image as it is` };
  const format = formatOf(way, appliance);
  const madeOf = { image: sum, besides: format.besides ?? null };
  const reason = whyExport(out, file, madeOf);
  if (reason === undefined) return { file, what: 'kept', reason: 'nothing changed' };

  const work = path.join(out, 'export-work');
  const discard = () => rmSync(work, { recursive: true, force: true });
  // Also when the builder is interrupted: what is half-made is gigabytes.
  process.once('exit', discard);
  try {
    discard();
    mkdirSync(work);
    report('unpacking the disk');
    const raw = path.join(work, 'disk.raw');
    await disks.raw.write({ file: image, format: 'qcow2' }, raw);
    // A file that the bake wrote beside the image (`image.formats`) is the bake's, and only looked at.
    const baked = path.basename(file) in manifest.files && existsSync(file);
    const made = baked ? file : path.join(work, path.basename(file));
    if (!baked) {
      report(`writing ${path.basename(file)}`);
      await format.write({ file: raw, format: 'raw' }, made);
    }
    await readBack(format, made, raw, report);
    renameSync(made, file);
    report('noting its sum');
    noteExport(out, file, madeOf, await checksum(file));
    return { file, what: baked ? 'kept' : 'made', reason: baked ? 'the bake wrote it; read back' : reason };
  } finally {
    process.removeListener('exit', discard);
    discard();
  }
}

/** Removes a file that holds anything else than the disk. @throws ExportError then */
export async function readBack(format: DiskFormat, file: string, raw: string, report: Report): Promise<void> {
  const found = await format.difference(file, raw, report).catch((error: unknown) => {
    if (error instanceof RunError) return `it can't be read: ${error.message}`;
    throw error;
  });
  if (found === undefined) return;
  rmSync(file, { force: true });
  throw new ExportError(
    `${path.basename(file)}, read back, is not the disk: ${found}; it was removed. Look at the disk and the memory of this machine, and try again`,
  );
}

/** Why a cloud would not take a disk of that size, and which size it takes. */
export function refusalOf(title: string, { atMost, multipleOf }: Import, size: number): string | undefined {
  const step = multipleOf ?? MiB;
  const remedy = (bytes: number) =>
    `write \`image.diskSize: ${sizeText(bytes)}\` in box.yaml, and bake again`;
  if (atMost !== undefined && size > atMost)
    return `${title} imports at most ${sizeText(atMost)}, unpacked, and this disk has ${sizeText(size)}: ${remedy(Math.floor(atMost / step) * step)}`;
  if (size % step !== 0)
    return `${title} imports a multiple of ${sizeText(step)}, and this disk has ${size} bytes: ${remedy(Math.ceil(size / step) * step)}`;
  return undefined;
}
