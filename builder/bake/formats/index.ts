/** Every format of a disk file, by the word that `image.formats` and `clouds/` have for it. */
import type { Import } from '../../../clouds/cloud.ts';
import type { Appliance, DiskFormat } from './format.ts';
import { ova, vmdk } from './ova.ts';
import { byQemu, inOrder, parallel } from './qemu.ts';
import { vhdNumbers, withSameNumbers } from './same-numbers.ts';
import { google, gzip, zstd } from './streamed.ts';

/** A disk and nothing around it. */
export const disks: Readonly<Record<Exclude<Import['format'], 'ova'>, DiskFormat>> = {
  qcow2: byQemu('qcow2', [...inOrder, '-c', '-o', 'compression_type=zstd']),
  raw: byQemu('raw', parallel),
  vmdk,
  // Without `force_size` the size is rounded to what cylinders and heads can say.
  vhd: withSameNumbers(byQemu('vpc', ['-o', 'subformat=fixed,force_size=on']), vhdNumbers),
  gce: google,
};

/** A raw disk, packed. */
export const packed: Readonly<Record<NonNullable<Import['packed']>, DiskFormat>> = { gz: gzip, zst: zstd };

/** What a cloud imports. `appliance` is the machine around the disk, for a format that carries one. */
export function formatOf(wanted: Pick<Import, 'format' | 'packed'>, appliance: Appliance): DiskFormat {
  if (wanted.packed !== undefined) return packed[wanted.packed];
  return wanted.format === 'ova' ? ova(appliance) : disks[wanted.format];
}
