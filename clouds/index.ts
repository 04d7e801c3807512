/** Every place where an image is launched, by the name that `box.yaml` gives it. */
import { azure } from './azure.ts';
import type { Cloud } from './cloud.ts';
import { digitalocean } from './digitalocean.ts';
import { ec2 } from './ec2.ts';
import { gce } from './gce.ts';
import { hetzner } from './hetzner.ts';
import { kubevirt } from './kubevirt.ts';
import { linode } from './linode.ts';
import { openstack } from './openstack.ts';
import { oracle } from './oracle.ts';
import { proxmox } from './proxmox.ts';
import { qemu } from './qemu.ts';
import { scaleway } from './scaleway.ts';
import { vsphere } from './vsphere.ts';
import { vultr } from './vultr.ts';

const all = [
  qemu,
  ec2,
  digitalocean,
  hetzner,
  openstack,
  azure,
  gce,
  linode,
  vultr,
  scaleway,
  oracle,
  proxmox,
  vsphere,
  kubevirt,
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
