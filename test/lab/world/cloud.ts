/** A cloud as an instance sees it: what the firmware says, an address by DHCP, and a metadata service. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PlanFile } from '../../../builder/plan/file.ts';
import { ended, start } from '../../rig/program.ts';
import { waitFor } from '../../rig/wait.ts';
import { type Lab, outsideAddress } from './lab.ts';

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
export interface RunningCloud {
  readonly options: readonly string[];
  readonly requests: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a cloud's services for one instance; the options have systemd-nspawn show the firmware. */
export async function runCloud(
  { outside }: Lab,
  folder: string,
  cloud: Cloud,
  instance: Instance,
): Promise<RunningCloud> {
  mkdirSync(path.join(folder, 'firmware'), { recursive: true });
  writeFileSync(path.join(folder, 'answers.json'), JSON.stringify(cloud.answers(instance)), { mode: 0o600 });
  const options = firmwareFields.map((field) => {
    const file = path.join(folder, 'firmware', field);
    writeFileSync(file, `${cloud.firmware[field] ?? ''}\n`);
    return `--bind-ro=${file}:/sys/class/dmi/id/${field}`;
  });
  await outside.ip('address', 'replace', `${cloud.service}/16`, 'dev', 'br0');
  const log = path.join(folder, 'cloud.log');
  const program = fileURLToPath(new URL('metadata-service.ts', import.meta.url));
  const children = [
    start([...outside.prefix, ...dnsmasq(instance, cloud.service)], log),
    start([...outside.prefix, process.execPath, '--import', 'tsx', program, folder, cloud.service], log),
  ];
  await waitFor(`the cloud's services (log: ${log})`, () => {
    const said = existsSync(log) ? readFileSync(log, 'utf8') : '';
    if (/error|failed/i.test(said)) throw new Error(said);
    return /dnsmasq.*started/.test(said) && said.includes('metadata service: started') ? true : undefined;
  });
  return {
    options,
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

/** A DHCP server with one lease to give, and no DNS. The metadata service has a route of its own (RFC 3442). */
const dnsmasq = ({ mac, address }: Instance, service: string) => [
  'dnsmasq',
  ...['--keep-in-foreground', '--log-facility=-', '--conf-file=/dev/null', '--user=root', '--port=0'],
  ...['--pid-file', '--leasefile-ro', '--interface=br0', '--bind-interfaces'],
  `--dhcp-range=${address},${address},255.255.255.0,1h`,
  `--dhcp-host=${mac},${address}`,
  `--dhcp-option=option:router,${outsideAddress}`,
  `--dhcp-option=121,${service}/32,${outsideAddress},0.0.0.0/0,${outsideAddress}`,
];

/**
 * What has cloud-init see a virtual machine in a container of the lab: it asks systemd-detect-virt, and looks at what process 1
 * was given. The kernel keeps the firmware's words from containers by neither.
 */
export const disguise: readonly PlanFile[] = [
  {
    path: '/usr/bin/systemd-detect-virt',
    mode: '0755',
    text: '#!/bin/sh\ncase "$*" in *container*) exit 1 ;; *) echo kvm ;; esac\n',
  },
  {
    path: '/etc/systemd/system/cloud-init-local.service.d/lab.conf',
    mode: '0644',
    text: '[Service]\nExecStartPre=/bin/mount --bind /dev/null /proc/1/environ\n',
  },
].map((file) => ({ ...file, owner: 'root', group: 'root', from: 'test/lab/world/cloud.ts' }));
