/** Packer's two builders for Proxmox: one begins with a template of yours, one with an installer and your answers to it. */
import {
  blocks,
  bool,
  fromEnvironment,
  list,
  type Made,
  number,
  type Options,
  type PackerBuilder,
  required,
  sshOptions,
  text,
} from './packer-builder.ts';

const plugin = { name: 'proxmox', source: 'github.com/hashicorp/proxmox', version: '>= 1.0.0' };

const options = {
  proxmox_url: text('Its API.', 'https://pve.example.net:8006/api2/json', required),
  node: text('The node that bakes.', 'pve1', required),
  insecure_skip_tls_verify: bool('Takes any certificate of it.'),
  pool: text('Pool of the machine.', 'mail'),
  vm_id: number('Its number.', 9000),
  cores: number('Its processors.', 2),
  memory: number('Its memory in MiB.', 2048),
  scsi_controller: text('Its disk controller; the image knows no other kind.', 'virtio-scsi-pci'),
  disks: blocks('Its disks.', {
    type: text('Kind of disk.', 'scsi', required),
    storage_pool: text('Where it lies.', 'local-lvm', required),
    storage_pool_type: text('What that is.', 'lvm-thin', required),
    format: text('Its format, where the pool wants to be told.', 'raw'),
    disk_size: text('Its size.', '8G', required),
  }),
  network_adapters: blocks('Its network cards.', {
    model: text('Kind of card.', 'virtio', required),
    bridge: text('Its bridge.', 'vmbr0', required),
    vlan_tag: text('Its VLAN.', '10'),
  }),
  cloud_init: bool('Gives the template a drive for user-data.'),
  cloud_init_storage_pool: text('Where that lies.', 'local-lvm'),
  template_name: text('Name of the template that is made.', 'mail'),
  template_description: text('What is said of it.', 'a mail box'),
  ...sshOptions,
} as const satisfies Options;

const shared = {
  plugin,
  debian: 'validates',
  lays: 'steps',
  baseOptions: [],
  credentials: [fromEnvironment({ username: 'PROXMOX_USERNAME', password: 'PROXMOX_PASSWORD' })],
} as const;

const defaults = ({ image }: Made) => ({
  template_name: image,
  scsi_controller: 'virtio-scsi-pci',
  qemu_agent: false,
  cloud_init: true,
});

export const proxmoxClone = {
  ...shared,
  type: 'proxmox-clone',
  options: {
    ...options,
    clone_vm: text('Name of the template to begin with.', 'debian-12', required),
    full_clone: bool('Copies its disk whole.'),
  },
  defaults,
} as const satisfies PackerBuilder;

export const proxmoxIso = {
  ...shared,
  type: 'proxmox-iso',
  options: {
    ...options,
    iso_file: text('Installer to begin with, as the store has it.', 'local:iso/debian-12-netinst.iso'),
    iso_url: text('Or where it is fetched.', 'https://example.net/debian-12-netinst.iso'),
    iso_checksum: text('Its digest then.', `sha256:${'0'.repeat(64)}`),
    iso_storage_pool: text('And where it is put.', 'local'),
    unmount_iso: bool('Takes it out at the end.'),
    boot_command: list(
      'What is typed to it.',
      ['<esc><wait>auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>'],
      required,
    ),
    http_directory: text('Folder with your answers to it, which are served meanwhile.', 'answers'),
  },
  oneOf: [['iso_file', 'iso_url']],
  defaults,
} as const satisfies PackerBuilder;
