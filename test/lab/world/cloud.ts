/** A cloud as an instance sees it: what the firmware says, an address by DHCP, and a metadata service. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanFile } from '../../../builder/plan/file.ts';
import { ended, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import { dhcpServer } from './dhcp.ts';
import { type Lab, outsideAddress } from './lab.ts';
import type { InCloud } from './nspawn.ts';

export type Answers = Readonly<
  Record<string, { readonly text: string; readonly needs?: Readonly<Record<string, string>> }>
>;

export interface Instance {
  readonly hostname: string;
  readonly userData: string;
  readonly mac: string;
  readonly address: string;
}

export interface Cloud {
  /** What cloud-init calls its datasource. */
  readonly datasource: string;
  /** Of SMBIOS, by the names of Linux's files. */
  readonly firmware: Readonly<Partial<Record<FirmwareField, string>>>;
  /** Where the metadata service is. */
  readonly service: string;
  readonly answers: (instance: Instance) => Answers;
}

const firmwareFields = [
  'sys_vendor',
  'product_name',
  'product_serial',
  'product_uuid',
  'chassis_asset_tag',
] as const;
type FirmwareField = (typeof firmwareFields)[number];

/** A cloud that runs; `stop` ends its services. */
export interface RunningCloud extends InCloud {
  readonly requests: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a cloud's services for one instance. */
export async function runCloud(
  { outside }: Lab,
  folder: string,
  cloud: Cloud,
  instance: Instance,
): Promise<RunningCloud> {
  mkdirSync(path.join(folder, 'firmware'), { recursive: true });
  writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(cloud.answers(instance)), { mode: 0o600 });
  for (const field of firmwareFields)
    writeFileSync(path.join(folder, 'firmware', field), `${cloud.firmware[field] ?? ''}\n`);
  await outside.ip('address', 'replace', `${cloud.service}/16`, 'dev', 'br0');
  const log = path.join(folder, 'cloud.log');
  const program = fileURLToPath(new URL('metadata-service.ts', import.meta.url));
  const children = [
    start([...outside.prefix, ...dhcp(instance, cloud.service)], log),
    start([...outside.prefix, process.execPath, '--import', 'tsx', program, folder, cloud.service], log),
  ];
  await waitFor(`the cloud's services (log: ${log})`, () => {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (/error|failed/i.test(said)) throw new Error(said);
    return /dnsmasq.*started/.test(said) && said.includes('metadata service: started') ? true : undefined;
  });
  return {
    options: [`--bind-ro=${path.join(folder, 'firmware')}:${firmwareFolder}`],
    init,
    requests: () => readFileSync(path.join(folder, 'requests.log'), 'utf8'),
    stop: async () => {
      for (const child of children) {
        child.kill('SIGKILL');
        await ended(child);
      }
      await outside.ip('address', 'delete', `${cloud.service}/16`, 'dev', 'br0');
    },
  };
}

/** The metadata service has a route of its own (RFC 3442). */
const dhcp = ({ mac, address }: Instance, service: string) =>
  dhcpServer({
    device: 'br0',
    address,
    router: outsideAddress,
    more: [
      `--dhcp-host=${mac},${address}`,
      `--dhcp-option=121,${service}/32,${outsideAddress},0.0.0.0/0,${outsideAddress}`,
    ],
  });

const init = '/usr/lib/lab/init';
const firmwareFolder = '/etc/lab-firmware';

/**
 * What has cloud-init see a virtual machine in a container of the lab, with the cloud's firmware: it asks systemd-detect-virt, looks at
 * what process 1 was given, and a newer one takes the word of systemd, which tells its generators (systemd.generator(7)).
 */
export const disguise: readonly PlanFile[] = [
  {
    path: '/usr/bin/systemd-detect-virt',
    text: '#!/bin/sh\ncase "$*" in *container*) exit 1 ;; *) echo kvm ;; esac\n',
  },
  {
    path: init,
    text: `#!/bin/sh
# systemd-nspawn shows the host's network cards in /sys: here are the box's, in a folder of classes with one more.
set -e
mount --make-rprivate /
mkdir /run/groups /run/classes
mount --rbind /sys/fs/cgroup /run/groups
mount -t sysfs sysfs /sys
mount --rbind /run/groups /sys/fs/cgroup
umount --lazy --recursive /run/groups
mount --bind /sys/class /run/classes
mount -t tmpfs tmpfs /sys/class
for class in /run/classes/*; do
    mkdir "/sys/class/\${class##*/}"
    mount --bind "$class" "/sys/class/\${class##*/}"
done
umount --lazy /run/classes
mkdir -p /sys/class/dmi/id
mount --bind ${firmwareFolder} /sys/class/dmi/id
mount --bind /dev/null /proc/1/environ
grep -q '^unset SYSTEMD' /usr/lib/cloud-init/ds-identify ||
    sed -i '1a unset SYSTEMD_VIRTUALIZATION' /usr/lib/cloud-init/ds-identify
exec /lib/systemd/systemd
`,
  },
].map((file) => ({ ...file, mode: '0755', owner: 'root', group: 'root', from: 'test/lab/world/cloud.ts' }));
