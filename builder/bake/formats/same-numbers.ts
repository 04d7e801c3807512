/** The numbers that qemu-img takes from chance and the clock, made from the disk itself: the same disk is the same file each time. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { checksum } from '../digest.ts';
import type { DiskFormat } from './format.ts';

type Mend = (file: string) => Promise<void>;

export const withSameNumbers = (format: DiskFormat, mend: Mend): DiskFormat => ({
  ...format,
  write: async (disk, to) => {
    await format.write(disk, to);
    await mend(to);
  },
});

/** The descriptor stands before the disk's data, and ends with zeros. */
const vmdkHead = 64 * 1024;
const descriptor = /# Disk DescriptorFile\n[^\0]*/;
/** Without leading zeros, so that its length is of chance too. */
const contentId = /^CID=[0-9a-f]{1,8}$/m;

/** The content's number (Virtual Disk Format 5.0, "The Descriptor File"): of the file without it. @throws where there is none */
export async function vmdkNumbers(file: string): Promise<void> {
  await setContentId(file, '00000000');
  await setContentId(file, (await checksum(file)).slice(0, 8));
}

async function setContentId(file: string, id: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(vmdkHead), 0, vmdkHead, 0);
    const found = descriptor.exec(buffer.toString('latin1', 0, bytesRead));
    if (found === null || !contentId.test(found[0])) throw new Error(`${file} has no descriptor of a VMDK`);
    // What follows is zeros: a shorter text than before has one more of them.
    const text = found[0].replace(contentId, `CID=${id}`);
    await handle.write(text.padEnd(found[0].length, '\0'), found.index, 'latin1');
  } finally {
    await handle.close();
  }
}

/** Bytes in the last sector (Virtual Hard Disk Image Format Specification, "Hard Disk Footer Format"). */
const footer = { bytes: 512, time: 24, checksum: 64, uuid: 68 } as const;
/** Of the raw disk, which a fixed VHD begins with: the disk's GUID (UEFI 2.10, 5.3.2). */
const diskGuid = { at: 512 + 56, bytes: 16 } as const;

/** A fixed VHD's time is that format's first second, and its number is of the disk's own. @throws where there is no footer */
export async function vhdNumbers(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    const at = (await handle.stat()).size - footer.bytes;
    const { buffer } = await handle.read(Buffer.alloc(footer.bytes), 0, footer.bytes, at);
    if (buffer.toString('latin1', 0, 8) !== 'conectix') throw new Error(`${file} has no footer of a VHD`);
    const guid = (await handle.read(Buffer.alloc(diskGuid.bytes), 0, diskGuid.bytes, diskGuid.at)).buffer;
    buffer.writeUInt32BE(0, footer.time);
    createHash('sha256').update(guid).digest().copy(buffer, footer.uuid, 0, 16);
    buffer.writeUInt32BE(0, footer.checksum);
    const sum = buffer.reduce((all, byte) => all + byte, 0);
    buffer.writeUInt32BE(~sum >>> 0, footer.checksum);
    await handle.write(buffer, 0, footer.bytes, at);
  } finally {
    await handle.close();
  }
}
