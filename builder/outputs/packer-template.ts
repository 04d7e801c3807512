/** The Packer template, as typed data in HCL2's JSON form (Packer 1.6 and newer). */
import path from 'node:path';
import type { Release } from '../../releases/release.ts';
import type { Plan } from '../plan/plan.ts';
import { aptLogin, bakeFolder, stepEnvironment, stepLines } from './provision-steps.ts';

/** What differs from machine to machine is a variable, so that the template depends on the plan alone. */
const variables = [
  'base',
  'bake_dir',
  'output_dir',
  'provision_dir',
  'seed_user_data',
  'seed_meta_data',
  'ssh_key',
  'apt_login',
  'accelerator',
  'cpu',
  'cpus',
  'serial_log',
  'pid_file',
  'network',
] as const;

export type PackerVariables = Readonly<Record<(typeof variables)[number], string>>;

/** The variables as Packer's command line wants them; the type sees to it that none is forgotten. */
export function packerFlags(values: PackerVariables): string[] {
  return Object.entries(values).map(([name, value]) => `-var=${name}=${value}`);
}

export interface PackerTemplate {
  readonly variable: Readonly<Record<string, { readonly type: 'string' }>>;
  readonly source: { readonly qemu: { readonly box: Readonly<Record<string, unknown>> } };
  readonly build: readonly [
    {
      readonly sources: readonly string[];
      readonly provisioner: readonly Readonly<Record<string, unknown>>[];
    },
  ];
}

/** Refused where /run is not in memory. The folder is closed before the file is there. */
const uploadLogin = [
  { shell: { inline: [`test "$(stat -f -c %T /run)" = tmpfs`, `mkdir -m 0700 ${path.dirname(aptLogin)}`] } },
  { file: { source: '${var.apt_login}', destination: aptLogin } },
] as const;

/** Packer's `file` and `shell` provisioners over its QEMU builder; see "QEMU Builder" in Packer's manual. */
export function packerTemplate(plan: Plan, release: Release): PackerTemplate {
  return {
    variable: Object.fromEntries(variables.map((name) => [name, { type: 'string' as const }])),
    source: {
      qemu: {
        box: {
          vm_name: `${plan.name}.qcow2`,
          iso_url: '${var.base}',
          iso_checksum: 'none',
          disk_image: true,
          skip_resize_disk: true,
          skip_compaction: true,
          format: 'qcow2',
          output_directory: '${var.output_dir}',
          accelerator: '${var.accelerator}',
          headless: true,
          memory: 1024,
          disk_cache: 'unsafe',
          disk_discard: 'unmap',
          cd_files: ['${var.seed_user_data}', '${var.seed_meta_data}'],
          cd_label: 'cidata',
          communicator: 'ssh',
          ssh_username: 'root',
          ssh_private_key_file: '${var.ssh_key}',
          ssh_timeout: '15m',
          ssh_handshake_attempts: 400,
          shutdown_command: release.powerOff.join(' '),
          shutdown_timeout: '5m',
          boot_wait: '1s',
          qemuargs: [
            ['-cpu', '${var.cpu}'],
            ['-smp', '${var.cpus}'],
            ['-serial', 'file:${var.serial_log}'],
            ['-pidfile', '${var.pid_file}'],
            ['-device', 'virtio-rng-pci'],
            ['-netdev', 'user,id=user.0,hostfwd=tcp:127.0.0.1:{{ .SSHHostPort }}-:22${var.network}'],
            ['-device', 'virtio-net,netdev=user.0'],
          ],
        },
      },
    },
    build: [
      {
        sources: ['source.qemu.box'],
        provisioner: [
          { shell: { inline: [`mkdir -p ${bakeFolder}`] } },
          { file: { source: '${var.bake_dir}/', destination: bakeFolder } },
          { file: { source: '${var.provision_dir}/', destination: bakeFolder } },
          ...(plan.archives.esm === undefined ? [] : uploadLogin),
          {
            shell: {
              inline: stepLines,
              environment_vars: stepEnvironment(release),
              skip_clean: true,
            },
          },
        ],
      },
    ],
  };
}

/** What Packer 1.7 and newer want declared and 1.6 refuses: it goes into a file of its own. */
export const packerPlugins = {
  packer: { required_plugins: { qemu: { version: '>= 1.0.0', source: 'github.com/hashicorp/qemu' } } },
};
