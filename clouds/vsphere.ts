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
    way: '`govc import.ova` or ovftool; the OVF in it says PVSCSI and VMXNET3, since the image knows no other kinds. What the box is told goes into the property user-data, in base64, and a static address into network-config: vSphere shows them on a CD. An image with `cloud: vsphere` reads guestinfo too, by open-vm-tools, but for ubuntu-14.04',
    commands,
  },
  datasource: 'VMware',
  // Of the host's variables (guestinfo) only a program of VMware's tools can ask; cloud-init 0.7.5 does not know them.
  packages: { 'debian-12': ['open-vm-tools'], 'debian-13': ['open-vm-tools'] },
  firmware: { sys_vendor: ['VMware, Inc.'] },
  met: 'lab',
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
    datasource: readIn(
      'cloud-init 22.4.2 and 25.1.4 of Debian, cloudinit/sources, ds-identify: VMware by vmware-rpctool, OVF by a CD',
      '2026-12-01',
    ),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
