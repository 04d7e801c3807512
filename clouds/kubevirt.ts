/** KubeVirt, in a Kubernetes of one's own or somebody's. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import { kubevirtManifests } from './launch/kubevirt.ts';

export const kubevirt = {
  name: 'kubevirt',
  title: 'KubeVirt',
  builders: [],
  bases: {
    'debian-12': { none: 'the disk that is baked here is imported' },
    'debian-13': { none: 'the disk that is baked here is imported' },
    'ubuntu-14.04': { none: 'the disk that is baked here is imported' },
  },
  // A Secret's, without what else is in it.
  userData: { limit: 1_000_000, counts: 'raw' },
  manifests: {
    ...kubevirtManifests,
    source: readIn('kubevirt/user-guide bf1f3564; kubevirt/containerized-data-importer c07cdb6fb'),
  },
  datasource: 'NoCloud',
  met: 'machine',
  port25: { out: 'as the operator says', opening: 'ask whoever runs the cluster' },
  port53: 'as the operator says',
  reverseName: 'by whoever gave you the address',
  ipv6: 'as its network has it',
  devices: { boot: '/dev/vda', network: 'enp1s0' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer, builder: it has none'),
    bases: readIn('kubevirt/containerized-data-importer c07cdb6fb, doc/datavolumes.md'),
    userData: unchecked(),
    import: readIn('kubevirt/containerized-data-importer c07cdb6fb, doc/datavolumes.md'),
    commands: readIn(
      'kubevirt/containerized-data-importer c07cdb6fb, doc/datavolumes.md: a DataVolume fetches the qcow2',
    ),
    datasource: readIn('kubevirt/user-guide bf1f3564, docs/user_workloads/startup_scripts.md'),
    port25: unchecked(),
    port53: unchecked(),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
