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
  /** What leads to a private address (1:1 NAT). */
  readonly publicAddress: string;
  /** One that the cloud itself keeps for those who launch machines. */
  readonly sshKey: string;
}

export interface Cloud {
  /** What cloud-init calls its datasource. */
  readonly datasource: string;
  /** Of SMBIOS, by the names of Linux's files. */
  readonly firmware: Readonly<Partial<Record<FirmwareField, string>>>;
  /** As systemd-detect-virt(1) calls the hypervisor; `kvm` where absent. */
  readonly virtualization?: string;
  /** Where its services are, which all give the same answers. */
  readonly services: readonly string[];
  readonly answers: (instance: Instance) => Answers;
  /** Whether a machine gets its address by DHCP; it does where absent. */
  readonly dhcp?: boolean;
  /** Its machines have private addresses, and its metadata tell the public one. */
  readonly nat?: true;
  /** Its ssh keys are not among what cloud-init reads. */
  readonly keepsKeys?: true;
  /** cloud-init's datasource does not read the machine's name, and the machine goes by its image's. */
  readonly keepsName?: true;
  /** What VMware's host keeps for the machine, by the names behind `guestinfo.`. */
  readonly guestinfo?: (instance: Instance) => Readonly<Record<string, string>>;
  /** Files below /var/lib/cloud/seed, where a machine of this cloud has them on a CD. */
  readonly seed?: (instance: Instance) => Readonly<Record<string, string>>;
}

/** Where nearly all metadata services are. */
export const usual = '169.254.169.254';

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
  const firmware = path.join(folder, 'firmware');
  mkdirSync(path.join(firmware, 'guestinfo'), { recursive: true });
  writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(cloud.answers(instance)), { mode: 0o600 });
  for (const field of firmwareFields)
    writeFileSync(path.join(firmware, field), `${cloud.firmware[field] ?? ''}\n`);
  writeFileSync(path.join(firmware, 'virtualization'), `${cloud.virtualization ?? 'kvm'}\n`);
  for (const [name, text] of Object.entries(cloud.guestinfo?.(instance) ?? {}))
    writeFileSync(path.join(firmware, 'guestinfo', name), text);
  const gateway = gatewayOf(cloud);
  const addresses = [...cloud.services.map(onLink), ...(cloud.nat ? [`${gateway}/24`] : [])];
  for (const address of addresses) await outside.ip('address', 'replace', address, 'dev', 'br0');
  const log = path.join(folder, 'cloud.log');
  const program = fileURLToPath(new URL('metadata-service.ts', import.meta.url));
  const services = { dnsmasq: cloud.dhcp ?? true, 'metadata service': cloud.services.length > 0 };
  const children = [
    ...(services.dnsmasq ? [dhcp(instance, cloud.services, gateway)] : []),
    ...(services['metadata service']
      ? [[process.execPath, '--import', 'tsx', program, folder, ...cloud.services]]
      : []),
  ].map((argv) => start([...outside.prefix, ...argv], log));
  await waitFor(`the cloud's services (log: ${log})`, () => {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (/error|failed/i.test(said)) throw new Error(said);
    const begun = Object.entries(services).filter(([, runs]) => runs);
    return begun.every(([name]) => new RegExp(`${name}.*started`).test(said)) ? true : undefined;
  });
  const requests = path.join(folder, 'requests.log');
  return {
    options: [`--bind-ro=${firmware}:${firmwareFolder}`],
    init,
    requests: () => (existsSync(requests) ? readFileSync(requests, 'utf8') : ''),
    stop: async () => {
      for (const child of children) {
        child.kill('SIGKILL');
        await ended(child);
      }
      for (const address of addresses) await outside.ip('address', 'delete', address, 'dev', 'br0');
    },
  };
}

/** Files that a box of this cloud has from the beginning. */
export function seedOf({ seed }: Cloud, instance: Instance): PlanFile[] {
  return Object.entries(seed?.(instance) ?? {}).map(([name, text]) =>
    ofTheLab({ path: `/var/lib/cloud/seed/${name}`, text }, '0600'),
  );
}

/** Of a cloud with private addresses: the network that its machines are numbered in. */
export const privateNetwork = '10.66.0';
const gatewayOf = ({ nat }: Cloud) => (nat ? `${privateNetwork}.1` : outsideAddress);

/** Whoever has a link-local address reaches it without a router. */
const onLink = (service: string) => `${service}/${service.startsWith('169.254.') ? 16 : 32}`;

/** The services have routes of their own (RFC 3442): a primary card of Azure is known by them. */
const dhcp = ({ mac, address }: Instance, services: readonly string[], gateway: string) =>
  dhcpServer({
    device: 'br0',
    address,
    router: gateway,
    more: [
      `--dhcp-host=${mac},${address}`,
      `--dhcp-option=121,${[...services.map((service) => `${service}/32`), '0.0.0.0/0'].map((net) => `${net},${gateway}`).join(',')}`,
    ],
  });

function ofTheLab(file: Pick<PlanFile, 'path' | 'text'>, mode: string): PlanFile {
  return { ...file, mode, owner: 'root', group: 'root', from: 'test/lab/world/cloud.ts' };
}

const init = '/usr/lib/lab/init';
const firmwareFolder = '/etc/lab-firmware';

/**
 * What has cloud-init see a virtual machine in a container of the lab, with the cloud's firmware: it asks systemd-detect-virt, looks at
 * what process 1 was given, and a newer one takes the word of systemd, which tells its generators (systemd.generator(7)).
 */
export const disguise: readonly PlanFile[] = [
  {
    path: '/usr/bin/systemd-detect-virt',
    text: `#!/bin/sh\ncase "$*" in *container*) exit 1 ;; *) cat ${firmwareFolder}/virtualization ;; esac\n`,
  },
  {
    // Of open-vm-tools: it asks the host for a variable, or sets one.
    path: '/usr/bin/vmware-rpctool',
    text: `#!/bin/sh
case "$1" in
"info-get guestinfo."*) cat "${firmwareFolder}/guestinfo/\${1#info-get guestinfo.}" 2>/dev/null || { echo "No value found" >&2; exit 1; } ;;
"info-set guestinfo."*) : ;;
*) exit 1 ;;
esac
`,
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
# A cable's end is no physical card; a droplet looks for one.
sed -i 's/if distro.networking.is_physical(f)/if f != "lo"/' /usr/lib/python3/dist-packages/cloudinit/sources/helpers/digitalocean.py
exec /lib/systemd/systemd
`,
  },
].map((file) => ofTheLab(file, '0755'));
