/** VMware vSphere, on one's own hosts. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { vsphereClone, vsphereIso } from './vsphere-builders.ts';

const ownTemplates = { none: 'its templates are your own' };

const commands: ImportCommands = {
  first: 'GOVC_URL and the log-in are set. `ovftool` takes the same file.',
  fill: {},
  steps: [
    {
      does: 'the appliance is imported',
      argv: ['govc', 'import.ova', '-name={image}', '-ds={datastore}', '{file}'],
      undo: ['govc', 'vm.destroy', '{image}'],
    },
    { does: 'it becomes a template', argv: ['govc', 'vm.markastemplate', '{image}'] },
  ],
};

export const vsphere = {
  name: 'vsphere',
  title: 'VMware vSphere',
  builders: [vsphereClone, vsphereIso],
  bases: { 'debian-12': ownTemplates, 'debian-13': ownTemplates, 'ubuntu-14.04': ownTemplates },
  userData: { limit: 64 * 1024, counts: 'base64' },
  import: {
    format: 'ova',
    way: '`govc import.ova` or ovftool; the OVF in it says PVSCSI and VMXNET3, since the image knows no other kinds',
    commands,
  },
  datasource: 'VMware',
  firmware: { sys_vendor: ['VMware, Inc.'] },
  met: 'nowhere',
  port25: { out: 'as the operator says', opening: 'ask whoever gives your host its network' },
  port53: 'as the operator says',
  reverseName: 'by whoever gave you the address',
  ipv6: 'as its network has it',
  devices: { boot: '/dev/sda', network: 'ens192' },
  rootDisks,
  sources: {
    builders: readIn('vmware/packer-plugin-vsphere 2e0125d; hashicorp/packer v1.6.6, builder/vsphere'),
    bases: readIn('vmware/packer-plugin-vsphere 2e0125d, its documentation'),
    userData: unchecked(),
    import: readIn(
      'hashicorp/packer v1.6.6, post-processor vsphere; linux-image-6.1.0-56-cloud-amd64, its config',
    ),
    commands: readIn('vmware/govmomi, govc usage and its tests of import.ova', '2026-11-29'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
