/** Packer's two builders for Amazon EC2: one installs onto Amazon's Debian, one writes the disk that was baked here. */
import {
  block,
  blocks,
  bool,
  fromEnvironment,
  list,
  map,
  number,
  type Options,
  type PackerBuilder,
  required,
  sshOptions,
  text,
} from './packer-builder.ts';

const plugin = { name: 'amazon', source: 'github.com/hashicorp/amazon', version: '>= 1.0.0' };

const device: Options = {
  device_name: text('Its name for Amazon.', '/dev/xvda', required),
  volume_size: number('GiB.', 16),
  volume_type: text('Kind of volume; gp3 wants `iops` and `throughput` as well.', 'gp3'),
  iops: number('Operations a second, of gp3 from 3000.', 3000),
  throughput: number('MiB/s of gp3, from 125.', 125),
  delete_on_termination: bool('Deletes it with the machine.'),
};

const options = {
  region: text('Where it bakes and where the image is.', 'eu-central-1', required),
  instance_type: text('Type of the machine that bakes.', 't3.small', required),
  source_ami: text('Image to begin with.', 'ami-0123456789abcdef0'),
  source_ami_filter: block('The same, found by its name.', {
    filters: map("Amazon's filters.", { name: 'debian-12-amd64-*' }),
    owners: list('Whose images count.', ['self'], required),
    most_recent: bool('Takes the newest that fits.'),
  }),
  ami_name: text('Name of the image that is made.', 'mail'),
  ami_regions: list('Regions that it is copied to.', ['eu-west-1']),
  tags: map('Its tags.', { role: 'mail' }),
  vpc_id: text('Network of the machine that bakes.', 'vpc-0123456789abcdef0'),
  subnet_id: text('Its subnet.', 'subnet-0123456789abcdef0'),
  associate_public_ip_address: bool('Gives it a public address.'),
  launch_block_device_mappings: blocks('Its disks.', device),
  encrypt_boot: bool('Encrypts the image.'),
  ...sshOptions,
} as const satisfies Options;

const credentials = [
  fromEnvironment({ access_key: 'AWS_ACCESS_KEY_ID', secret_key: 'AWS_SECRET_ACCESS_KEY' }),
  fromEnvironment({ profile: 'AWS_PROFILE' }),
];

export const amazonEbs = {
  type: 'amazon-ebs',
  plugin,
  debian: 'validates',
  lays: 'steps',
  options,
  baseOptions: ['source_ami', 'source_ami_filter'],
  defaults: ({ image }) => ({
    ami_name: `${image}-{{timestamp}}`,
    ena_support: true,
    tags: { letterbox: image },
  }),
  credentials,
} as const satisfies PackerBuilder;

export const amazonEbsSurrogate = {
  type: 'amazon-ebssurrogate',
  plugin,
  debian: 'validates',
  lays: 'disk',
  options: {
    ...options,
    ami_root_device: block('Which of its disks becomes the image.', {
      source_device_name: text('As it is called there.', '/dev/xvdf', required),
      device_name: text('As the image calls it.', '/dev/xvda', required),
      delete_on_termination: bool('Deletes it with the machine.'),
    }),
  },
  baseOptions: ['source_ami', 'source_ami_filter'],
  defaults: ({ image, diskGiB }) => ({
    ami_name: `${image}-{{timestamp}}`,
    ami_virtualization_type: 'hvm',
    ena_support: true,
    tags: { letterbox: image },
    ami_root_device: {
      source_device_name: '/dev/xvdf',
      device_name: '/dev/xvda',
      delete_on_termination: true,
      volume_size: diskGiB,
      volume_type: 'gp2',
    },
    launch_block_device_mappings: [
      { device_name: '/dev/xvdf', volume_size: diskGiB, volume_type: 'gp2', delete_on_termination: true },
    ],
  }),
  credentials,
} as const satisfies PackerBuilder;
