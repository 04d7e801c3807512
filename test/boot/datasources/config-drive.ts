/** OpenStack's config drive (Nova, "Metadata service"): a disk labelled `config-2`. */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { seedIso } from '../../../builder/host/seed.ts';
import type { Disk } from '../../../builder/vm/qemu.ts';

/** QEMU gives this address to a machine's only network card unless told otherwise. */
const networkData = {
  links: [{ id: 'tap0', type: 'ovs', ethernet_mac_address: '52:54:00:12:34:56', mtu: 1500, vif_id: 'tap0' }],
  networks: [{ id: 'network0', type: 'ipv4_dhcp', link: 'tap0', network_id: 'network0' }],
  services: [],
};

export async function configDrive(
  file: string,
  box: { userData: string; hostname: string; uuid?: string },
): Promise<Disk> {
  const metaData = {
    uuid: box.uuid ?? randomUUID(),
    hostname: box.hostname,
    name: box.hostname,
    launch_index: 0,
  };
  const files = {
    'openstack/latest/meta_data.json': JSON.stringify(metaData),
    'openstack/latest/user_data': box.userData,
    'openstack/latest/network_data.json': JSON.stringify(networkData),
  };
  writeFileSync(file, await seedIso(files, 'config-2'), { mode: 0o600 });
  return { path: file, format: 'raw', readOnly: true };
}
