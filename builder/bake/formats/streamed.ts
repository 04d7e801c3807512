/** The formats that are a raw disk in a stream: packed by gzip or zstd, or in the archive that Google takes. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Report } from '../../host/progress.ts';
import { readOutput, run } from '../../host/run.ts';
import type { Disk, DiskFormat } from './format.ts';
import { convert, parallel } from './qemu.ts';

type Argv = readonly [string, ...string[]];

/** Without the name and the time of the file that was packed, gzip gives the same bytes each time. */
export const gzip = streamed(
  async (raw, to) => {
    await run(['gzip', '--no-name', '--keep', raw]);
    await rename(`${raw}.gz`, to);
  },
  (file) => ['gzip', '--decompress', '--stdout', file],
);

export const zstd = streamed(
  async (raw, to) => {
    await run(['zstd', '--quiet', '--force', '--threads=0', raw, '-o', to]);
  },
  (file) => ['zstd', '--quiet', '--decompress', '--stdout', file],
);

/** Google wants a gzipped old-GNU tar that holds one sparse file, `disk.raw` (Compute Engine, "Manually import boot disks"). */
export const google = streamed(
  async (raw, to) => {
    const folderAndName = ['--directory', path.dirname(raw), path.basename(raw)];
    const plain = ['--owner=0', '--group=0', '--numeric-owner', '--mode=0644', '--mtime=@0'];
    const name = '--transform=s,.*,disk.raw,';
    await run(['tar', '--format=oldgnu', ...plain, name, '-Sczf', to, ...folderAndName]);
  },
  (file) => ['tar', '--extract', '--gzip', '--to-stdout', '--file', file, 'disk.raw'],
);

function streamed(
  pack: (raw: string, to: string) => Promise<void>,
  unpack: (file: string) => Argv,
): DiskFormat {
  return {
    write: (disk, to) => withRaw(disk, to, (raw) => pack(raw, to)),
    difference: (file, raw, report) =>
      readOutput(unpack(file), (output) => firstDifference(output, raw, report)),
  };
}

async function withRaw(disk: Disk, to: string, pack: (raw: string) => Promise<void>): Promise<void> {
  if (disk.format === 'raw') return pack(disk.file);
  const raw = `${to}.raw`;
  try {
    await convert(disk, raw, ['-O', 'raw', ...parallel]);
    await pack(raw);
  } finally {
    await rm(raw, { force: true });
  }
}

/** Where a stream, read to its end, is something else than a file; a hole of the file is zeros. */
export async function firstDifference(
  output: AsyncIterable<Uint8Array>,
  file: string,
  report: Report,
): Promise<string | undefined> {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    let read = 0;
    let told = 0;
    let found: string | undefined;
    let same = Buffer.alloc(0);
    for await (const piece of output) {
      if (same.length < piece.length) same = Buffer.alloc(piece.length);
      if (found === undefined && read < size) {
        // At once: to wait for each of a hundred thousand pieces takes longer than to read them.
        const bytesRead = readSync(descriptor, same, 0, piece.length, read);
        const at = differsAt(piece, same.subarray(0, bytesRead));
        if (at !== undefined) found = `at byte ${read + at}`;
      }
      read += piece.length;
      if (read - told < size / 100) continue;
      told = read;
      report('reading it back', Math.min(read / size, 1));
    }
    return read === size ? found : `it has ${read} bytes, the disk ${size}`;
  } finally {
    closeSync(descriptor);
  }
}

/** Of what both have. */
function differsAt(piece: Uint8Array, other: Buffer): number | undefined {
  const length = Math.min(piece.length, other.length);
  if (other.compare(piece, 0, length, 0, length) === 0) return undefined;
  for (let at = 0; at < length; at++) if (piece[at] !== other[at]) return at;
  return undefined;
}
