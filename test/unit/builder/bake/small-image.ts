/** A folder as the bake leaves it, with a disk of a few MiB in place of the box's. */
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { ExecutionContext } from 'ava';
import { checksum } from '../../../../builder/bake/digest.ts';
import { writeManifest } from '../../../../builder/bake/manifest.ts';
import { run } from '../../../../builder/host/run.ts';

export const MiB = 1024 ** 2;

/** A raw file: holes, and here and there bytes that tell where they stand; the last byte is one. */
export function writePattern(file: string, size: number): void {
  const descriptor = openSync(file, 'w');
  for (let at = 0; at < size; at += 5 * MiB + 4096)
    writeSync(descriptor, Buffer.from(`byte ${at} `.repeat(3000)), 0, undefined, at);
  writeSync(descriptor, Buffer.from([1]), 0, 1, size - 1);
  closeSync(descriptor);
}

/** Gives the folder: `small.qcow2` and its manifest. */
export async function smallImage(t: ExecutionContext, size = 64 * MiB): Promise<string> {
  const out = mkdtempSync(path.join(tmpdir(), 'letterbox-export-'));
  t.teardown(() => rmSync(out, { recursive: true }));
  const raw = path.join(out, 'pattern');
  writePattern(raw, size);
  await note(out, raw);
  rmSync(raw);
  return out;
}

/** Makes a raw disk the image, as another bake would. */
export async function note(out: string, raw: string): Promise<void> {
  const image = path.join(out, 'small.qcow2');
  await run(['qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, image]);
  const files = { 'small.qcow2': { bytes: statSync(image).size, sha256: await checksum(image) } };
  writeManifest(out, { name: 'small', version: '0', release: 'debian-12', inputs: {}, files });
}
