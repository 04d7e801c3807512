/** EC2 as an instance sees it: DHCP, a metadata service at 169.254.169.254 and an SMBIOS that says so. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Settings } from '../../../contract/settings.ts';
import { dhcpServer } from '../../lab/world/dhcp.ts';
import { Namespace } from '../../lab/world/namespace.ts';
import { LabDns } from '../../lab/world/zone.ts';
import type { Artefacts } from '../../rig/artefacts.ts';
import { start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import type { VmOptions } from '../vm.ts';

export interface Ec2 {
  readonly machine: Pick<VmOptions, 'tap' | 'smbios' | 'stranger'>;
  readonly requests: () => string;
}

const mac = '52:54:00:12:34:56';
const gateway = '10.77.0.1';
const address = '10.77.0.50';
const instance = 'ec2f00d0-1e77-e4b0-8000-0123456789ab';

interface Box {
  readonly hostname: string;
  /** Gives the user-data for a box that asks this DNS root. */
  readonly userData: (lab: Settings['lab']) => string;
}

/** Makes the cloud in a network namespace of its own; it is gone with the test file. */
export async function ec2(artefacts: Artefacts, box: Box): Promise<Ec2> {
  const folder = path.join(artefacts.folder, 'ec2-cloud');
  mkdirSync(folder, { recursive: true });
  const cloud = artefacts.own(await Namespace.create('ec2'));
  await cloud.tap('tap0');
  await cloud.ip('address', 'add', `${gateway}/24`, 'dev', 'tap0');
  await cloud.ip('address', 'add', '169.254.169.254/32', 'dev', 'lo');
  const zone = artefacts.own(await LabDns.create(folder, cloud, gateway));
  await zone.publish([`client.outside.example. A ${gateway}`]);
  const userData = box.userData({ rootHints: [gateway], trustAnchor: zone.trustAnchor });
  const tree = JSON.stringify(metadata(box.hostname, userData));
  writeFileSync(path.join(folder, 'tree.json'), tree, { mode: 0o600 });
  const log = path.join(folder, 'cloud.log');
  start([...cloud.prefix, ...dhcpServer({ device: 'tap0', address, router: gateway })], log);
  const imds = fileURLToPath(new URL('imds.ts', import.meta.url));
  start([...cloud.prefix, process.execPath, '--import', 'tsx', imds, folder], log);
  await waitFor(`the cloud's own services (log: ${log})`, async () => {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (/error|failed/i.test(said)) throw new Error(said);
    return /dnsmasq.*started/.test(said) && said.includes('imds: started') ? true : undefined;
  });
  return {
    machine: {
      stranger: 'someone@client.outside.example',
      tap: { device: 'tap0', address, prefix: cloud.prefix },
      smbios: { manufacturer: 'Amazon EC2', serial: instance, uuid: instance },
    },
    requests: () => readFileSync(path.join(folder, 'requests.log'), 'utf8'),
  };
}

function metadata(hostname: string, userData: string): object {
  return {
    'user-data': userData,
    'meta-data': {
      'ami-id': 'ami-0123456789abcdef0',
      'instance-id': 'i-0123456789abcdef0',
      'instance-type': 't3.micro',
      'local-hostname': hostname,
      'local-ipv4': address,
      mac,
      network: {
        interfaces: {
          macs: {
            [mac]: {
              'device-number': '0',
              'interface-id': 'eni-0123456789abcdef0',
              'local-ipv4s': address,
              mac,
              'subnet-ipv4-cidr-block': '10.77.0.0/24',
            },
          },
        },
      },
      placement: { 'availability-zone': 'eu-central-1a', region: 'eu-central-1' },
    },
    dynamic: { 'instance-identity': { document: JSON.stringify({ region: 'eu-central-1' }) } },
  };
}
