/** Every place where an image is launched, by the name that `box.yaml` gives it. */
import type { Cloud } from './cloud.ts';

const withoutSda = ['vda', 'xvda', 'hda', 'nvme0n1', 'mmcblk0'];
const rootDisks = [...withoutSda, 'sda'];

const all = [
  { name: 'qemu', userDataLimit: 1024 * 1024, rootDisks },
  { name: 'ec2', userDataLimit: 16 * 1024, rootDisks },
  // Its root is vda, and the first volume is sda.
  { name: 'digitalocean', userDataLimit: 64 * 1024, rootDisks: withoutSda },
  { name: 'hetzner', userDataLimit: 32 * 1024, rootDisks },
  // It counts after base64.
  { name: 'openstack', userDataLimit: Math.floor(65_535 / 4) * 3, rootDisks },
  {
    name: 'azure',
    userDataLimit: 65_535,
    rootDisks,
    temporaryDisk: { whose: 'Azure', device: '/dev/sdb', dataDisks: '/dev/disk/azure/scsi1/' },
  },
  { name: 'gce', userDataLimit: 256 * 1024, rootDisks },
] as const satisfies readonly Cloud[];

export type CloudName = (typeof all)[number]['name'];

/** In the order in which the reference lists them. */
export const clouds: readonly Cloud[] = all;
export const cloudNames = all.map(({ name }) => name);
/** What a config means that names none. */
export const usualCloud: CloudName = all[0].name;

export function cloudOf(name: CloudName): Cloud {
  const found: Cloud | undefined = clouds.find((cloud) => cloud.name === name);
  if (found === undefined) throw new Error(`no cloud is called ${name}`);
  return found;
}
