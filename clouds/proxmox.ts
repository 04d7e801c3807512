/** Proxmox VE, on one's own hosts. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import { proxmoxLaunch } from './launch/proxmox.ts';
import { proxmoxClone, proxmoxIso } from './proxmox-builders.ts';

const ownTemplates = { none: 'its templates are your own' };

export const proxmox = {
  name: 'proxmox',
  title: 'Proxmox VE',
  builders: [proxmoxClone, proxmoxIso],
  bases: { 'debian-12': ownTemplates, 'ubuntu-14.04': ownTemplates },
  userData: { limit: 1024 * 1024, counts: 'raw' },
  launch: { ...proxmoxLaunch, source: readIn('bpg/terraform-provider-proxmox 0.111, docs/resources') },
  import: {
    format: 'qcow2',
    ending: '.qcow2',
    way: 'on the node, `qm set ID --scsi0 STORE:0,import-from=FILE --scsihw virtio-scsi-pci`, with the seed as --scsi1, never on SATA or IDE',
  },
  datasource: 'NoCloud',
  port25: { out: 'as the operator says', opening: 'ask whoever gives your host its network' },
  port53: 'as the operator says',
  reverseName: 'by whoever gave you the address',
  ipv6: 'as its bridge has it',
  devices: { boot: '/dev/sda', network: 'ens18' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer-plugin-proxmox 3d091ba; hashicorp/packer v1.6.6, builder/proxmox'),
    bases: readIn('hashicorp/packer-plugin-proxmox 3d091ba, its documentation'),
    userData: unchecked(),
    import: readIn('pve.proxmox.com, qm(1); Telmate/terraform-provider-proxmox issue 973'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
