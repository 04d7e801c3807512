/** The baked image as a raw file whose root file system can be mounted. */
import { mkdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { projectRoot } from '../../../builder/paths.ts';
import { imageUnderTest } from '../../rig/image.ts';
import { output } from '../../rig/program.ts';

export interface RawImage {
  readonly path: string;
  /** Where the root file system lies in it, in bytes. */
  readonly offset: number;
  readonly bytes: number;
}

/** Where the image under test lies as a raw file, for every test file that asks: until another image is tested. */
const store = path.join(projectRoot, 'test-artefacts', 'raw-image');

/**
 * The image under test as a raw file, which nobody may write to: under a name in the folder, so that it is there until the
 * folder goes. Test files share its pages in memory, since mount(8) takes the loop device that a file has already.
 */
export async function sharedRawImage(folder: string): Promise<RawImage> {
  const disk = imageUnderTest(folder);
  const { ino, size, mtimeMs } = statSync(disk);
  mkdirSync(store, { recursive: true });
  const made = path.join(store, `${ino}-${size}-${mtimeMs}.raw`);
  const own = path.join(folder, 'image.raw');
  const script = `test -e "$2" || {
    rm -f "$(dirname "$2")"/*.raw*
    qemu-img convert -O raw "$1" "$2.part"
    mv "$2.part" "$2"
  }
  ln "$2" "$3"`;
  const lock = path.join(store, 'lock');
  await output(['flock', lock, 'sh', '-euc', script, 'sh', disk, made, own]);
  return { path: own, ...(await rootPartition(own)) };
}

/**
 * Writes a disk's content to a sparse raw file, as the next start would find it: what is mounted for reading alone can't have its journal
 * replayed, and would be older than what a cut left.
 */
export async function rawImage(folder: string, disk: string, name: string): Promise<RawImage> {
  const raw = path.join(folder, name);
  await output(['qemu-img', 'convert', '-O', 'raw', disk, raw]);
  const image = { path: raw, ...(await rootPartition(raw)) };
  await withImageMounted(image, '/mnt', ['true'], { writable: true });
  return image;
}

/** GPT types of a Linux root: the generic one and the one for x86-64 (Discoverable Partitions Specification). */
const linuxTypes = ['0fc63daf-8483-4772-8e79-3d69d8477de4', '4f68bce3-e8cd-4db1-96e7-fbcaf984b709'];
const sector = 512;

/** Reads the GUID partition table (UEFI specification 5.3): its header is in sector 1 and says where its entries are. */
async function rootPartition(raw: string): Promise<{ offset: number; bytes: number }> {
  const file = await open(raw);
  try {
    const { buffer: header } = await file.read(Buffer.alloc(sector), 0, sector, sector);
    if (header.toString('latin1', 0, 8) !== 'EFI PART') throw new Error(`${raw} has no GUID partition table`);
    const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)];
    const start = Number(header.readBigUInt64LE(72)) * sector;
    const { buffer: table } = await file.read(Buffer.alloc(count * size), 0, count * size, start);
    const entries = Array.from({ length: count }, (_, i) => table.subarray(i * size, (i + 1) * size));
    const root = entries.find((entry) => linuxTypes.includes(guid(entry)));
    if (root === undefined) throw new Error(`${raw} has no Linux partition`);
    const [first, last] = [Number(root.readBigUInt64LE(32)), Number(root.readBigUInt64LE(40))];
    return { offset: first * sector, bytes: (last - first + 1) * sector };
  } finally {
    await file.close();
  }
}

/** A GUID as text: its first three parts are little-endian. */
function guid(entry: Buffer): string {
  const hex = (from: number, to: number, reverse: boolean) => {
    const part = Buffer.from(entry.subarray(from, to));
    return (reverse ? part.reverse() : part).toString('hex');
  };
  return [hex(0, 4, true), hex(4, 6, true), hex(6, 8, true), hex(8, 10, false), hex(10, 16, false)].join('-');
}

/** Runs a program with the root file system mounted at `mountPoint`, in a mount namespace that ends with it. */
export async function withImageMounted(
  image: RawImage,
  mountPoint: string,
  argv: readonly string[],
  options: { readonly writable?: boolean; readonly input?: string; readonly seconds?: number } = {},
): Promise<string> {
  const place = `loop,offset=${image.offset},sizelimit=${image.bytes}`;
  const mode = options.writable === true ? 'rw' : 'ro,noload';
  const script = 'mount -t ext4 -o "$1" "$2" "$3" && shift 3 && exec "$@"';
  return output(
    ['unshare', '--mount', 'sh', '-c', script, 'sh', `${mode},${place}`, image.path, mountPoint, ...argv],
    options,
  );
}
