/** QEMU on one's own host, by `letterbox boot` or by hand. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import { qemuLaunch } from './launch/qemu.ts';

export const qemu = {
  name: 'qemu',
  title: 'QEMU',
  // The image's own builder: builder/outputs/packer/.
  builders: [],
  bases: {
    'debian-12': { none: 'the base is made from packages' },
    'debian-13': { none: 'the base is made from packages' },
    'ubuntu-14.04': { none: 'the release names its base' },
  },
  userData: { limit: 1024 * 1024, counts: 'raw' },
  launch: { ...qemuLaunch, source: readIn('dmacvicar/terraform-provider-libvirt 0.9.7, docs/resources') },
  datasource: 'NoCloud',
  met: 'machine',
  port25: { out: 'as the operator says', opening: 'it is the network of whoever runs QEMU' },
  port53: 'as the operator says',
  reverseName: 'by whoever gave you the address',
  ipv6: 'as its network has it',
  devices: { boot: '/dev/vda', network: 'ens3' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer v1.6.6, builder/qemu'),
    bases: readIn('the releases of Letterbox'),
    userData: unchecked(),
    import: readIn('the disk is the image'),
    commands: readIn('the disk is the image'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
