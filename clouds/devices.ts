/** What kernels call disks, by their drivers. */

export const withoutSda = ['vda', 'xvda', 'hda', 'nvme0n1', 'mmcblk0'] as const;
/** Wherever nothing better is known: any first disk may be the root. */
export const rootDisks = [...withoutSda, 'sda'] as const;
