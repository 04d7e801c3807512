/** Proxmox VE, on one's own hosts. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { proxmoxLaunch } from './launch/proxmox.ts';
import { proxmoxClone, proxmoxIso } from './proxmox-builders.ts';

const ownTemplates = { none: 'its templates are your own' };

const commands: ImportCommands = {
  first: 'You are root on the node by ssh.',
  fill: { bridge: 'the bridge of its network, e.g. vmbr0', store: 'where disks lie, e.g. local-lvm' },
  steps: [
    {
      does: 'the disk goes to the node',
      argv: ['scp', '{file}', 'root@{node}:/var/tmp/{object}'],
      undo: ['ssh', 'root@{node}', 'rm -f /var/tmp/{object}'],
    },
    {
      does: 'a machine is made',
      argv: [
        'ssh',
        'root@{node}',
        'qm create {vm_id} --name {image} --memory 2048 --cores 2 --scsihw virtio-scsi-pci --net0 virtio,bridge={bridge} --serial0 socket',
      ],
      undo: ['ssh', 'root@{node}', 'qm destroy {vm_id}'],
    },
    {
      does: 'the disk becomes its own',
      argv: [
        'ssh',
        'root@{node}',
        'qm set {vm_id} --scsi0 {store}:0,import-from=/var/tmp/{object} --scsi1 {store}:cloudinit --boot order=scsi0',
      ],
    },
    { does: 'it becomes a template', argv: ['ssh', 'root@{node}', 'qm template {vm_id}'] },
    { does: 'the disk is removed from the node', argv: ['ssh', 'root@{node}', 'rm -f /var/tmp/{object}'] },
  ],
};

export const proxmox = {
  name: 'proxmox',
  title: 'Proxmox VE',
  builders: [proxmoxClone, proxmoxIso],
  bases: { 'debian-12': ownTemplates, 'debian-13': ownTemplates, 'ubuntu-14.04': ownTemplates },
  userData: { limit: 1024 * 1024, counts: 'raw' },
  launch: { ...proxmoxLaunch, source: readIn('bpg/terraform-provider-proxmox 0.111, docs/resources') },
  import: {
    format: 'qcow2',
    way: 'on the node, `qm set ID --scsi0 STORE:0,import-from=FILE --scsihw virtio-scsi-pci`, with the seed as --scsi1, never on SATA or IDE',
    commands,
  },
  datasource: 'NoCloud',
  met: 'machine',
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
    commands: readIn('pve.proxmox.com, qm(1); that it begins with scp: common knowledge', '2026-11-28'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
