/** Packer's two builders for vSphere: one begins with a template of yours, one with an installer and your answers to it. */
import {
  blocks,
  bool,
  byVariable,
  list,
  map,
  number,
  type Options,
  type PackerBuilder,
  required,
  sshOptions,
  text,
} from './packer-builder.ts';

const plugin = { name: 'vsphere', source: 'github.com/vmware/vsphere', version: '>= 1.0.0' };

const options = {
  vcenter_server: text('Its vCenter.', 'vcenter.example.net', required),
  insecure_connection: bool('Takes any certificate of it.'),
  datacenter: text('Which of its data centers.', 'dc1'),
  cluster: text('The cluster that bakes.', 'cluster1'),
  host: text('Or the host.', 'esx1.example.net'),
  resource_pool: text('Its resource pool.', 'mail'),
  datastore: text('Where the disk lies.', 'datastore1'),
  folder: text('Folder of the machine.', 'templates'),
  vm_name: text('Its name, which is that of the template.', 'mail'),
  CPUs: number('Its processors.', 2),
  RAM: number('Its memory in MiB.', 2048),
  configuration_parameters: map('Parameters of its own.', { 'disk.EnableUUID': 'TRUE' }),
  convert_to_template: bool('Makes it a template in the end.'),
  ...sshOptions,
} as const satisfies Options;

const shared = {
  plugin,
  debian: 'validates',
  lays: 'steps',
  oneOf: [['cluster', 'host']],
  baseOptions: [],
  credentials: [byVariable({ username: 'VSPHERE_USER', password: 'VSPHERE_PASSWORD' })],
} as const;

export const vsphereClone = {
  ...shared,
  type: 'vsphere-clone',
  options: {
    ...options,
    template: text('Template to begin with.', 'debian-12', required),
    network: text('Network of the machine.', 'VM Network'),
    disk_size: number('MiB of the disk, where it is to grow.', 8192),
    linked_clone: bool('Copies nothing of the disk.'),
  },
  defaults: ({ image }) => ({ vm_name: image, convert_to_template: true }),
} as const satisfies PackerBuilder;

export const vsphereIso = {
  ...shared,
  type: 'vsphere-iso',
  options: {
    ...options,
    guest_os_type: text("VMware's word for the system.", 'debian11_64Guest'),
    iso_paths: list('Installer to begin with, as the datastore has it.', [
      '[datastore1] iso/debian-12-netinst.iso',
    ]),
    iso_url: text('Or where it is fetched.', 'https://example.net/debian-12-netinst.iso'),
    iso_checksum: text('Its digest then.', `sha256:${'0'.repeat(64)}`),
    disk_controller_type: list('Its disk controllers; the image knows no other kind.', ['pvscsi']),
    storage: blocks(
      'Its disks.',
      {
        disk_size: number('MiB.', 8192, required),
        disk_thin_provisioned: bool('Takes room when it is written.'),
      },
      required,
    ),
    network_adapters: blocks('Its network cards.', {
      network: text('Its network.', 'VM Network'),
      network_card: text('Kind of card.', 'vmxnet3', required),
    }),
    boot_command: list(
      'What is typed to it.',
      ['<esc><wait>auto url=http://{{ .HTTPIP }}:{{ .HTTPPort }}/preseed.cfg<enter>'],
      required,
    ),
    http_directory: text('Folder with your answers to it, which are served meanwhile.', 'answers'),
  },
  oneOf: [
    ['cluster', 'host'],
    ['iso_paths', 'iso_url'],
  ],
  defaults: ({ image }) => ({ vm_name: image, convert_to_template: true, disk_controller_type: ['pvscsi'] }),
} as const satisfies PackerBuilder;
