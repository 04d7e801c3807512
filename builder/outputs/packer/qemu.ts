/** The template of the image itself: Packer's QEMU builder over the base disk ("QEMU Builder" in Packer's manual). */
import path from 'node:path';
import type { Release } from '../../../releases/release.ts';
import type { Plan } from '../../plan/plan.ts';
import { stepProvisioners } from './provision.ts';
import { aptLogin } from './provision-steps.ts';
import { type PackerTemplate, packerFlags, variables } from './template.ts';

const names = [
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

/** The variables as Packer's command line wants them; the type sees to it that none is forgotten. */
export function qemuFlags(values: Readonly<Record<(typeof names)[number], string>>): string[] {
  return packerFlags(values);
}

export const qemuPlugin = { name: 'qemu', source: 'github.com/hashicorp/qemu', version: '>= 1.0.0' };

export function qemuTemplate(plan: Plan, release: Release): PackerTemplate {
  const login = plan.archives.esm === undefined ? [] : uploadLogin;
  return {
    variable: variables(names),
    source: { qemu: { box: box(plan, release) } },
    build: [{ sources: ['source.qemu.box'], provisioner: stepProvisioners(release, 'root', login) }],
  };
}

/** Refused where /run is not in memory. The folder is closed before the file is there. */
const uploadLogin = [
  { shell: { inline: ['test "$(stat -f -c %T /run)" = tmpfs', `mkdir -m 0700 ${path.dirname(aptLogin)}`] } },
  { file: { source: '${var.apt_login}', destination: aptLogin } },
];

function box(plan: Plan, release: Release): Readonly<Record<string, unknown>> {
  return {
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
  };
}
