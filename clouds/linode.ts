/** Linode, which is Akamai's. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { linodeLaunch } from './launch/linode.ts';
import { bool, fromEnvironment, list, number, required, sshOptions, text } from './packer-builder.ts';

const GiB = 1024 ** 3;

const commands: ImportCommands = {
  first: '`linode-cli configure` was done.',
  fill: {},
  steps: [
    {
      does: 'the disk is uploaded as an image',
      argv: [
        'linode-cli',
        'image-upload',
        '--region',
        '{region}',
        '--label',
        '{image}',
        '--cloud-init',
        '{file}',
      ],
      undo: ['linode-cli', 'images', 'delete', '{image_id}'],
    },
  ],
};

export const linode = {
  name: 'linode',
  title: 'Linode (Akamai)',
  also: ['Akamai Cloud'],
  builders: [
    {
      type: 'linode',
      plugin: { name: 'linode', source: 'github.com/linode/linode', version: '>= 1.0.0' },
      debian: 'lacks',
      lays: 'steps',
      options: {
        region: text('Where it bakes.', 'eu-central', required),
        instance_type: text('Type of the Linode that bakes.', 'g6-nanode-1', required),
        image: text('Image to begin with.', 'linode/debian12'),
        image_label: text('Label of the image that is made.', 'mail'),
        image_description: text('What is said of it.', 'a mail box'),
        image_regions: list('Regions that it is copied to.', ['eu-west']),
        instance_label: text('Label of the Linode that bakes.', 'bake'),
        boot_size: number('MiB of its disk; an image is at most 6144.', 6144),
        firewall_id: number('Its firewall.', 12345),
        cloud_init: bool('Says that the image has cloud-init.'),
        ...sshOptions,
      },
      baseOptions: ['image'],
      defaults: ({ image }) => ({ image_label: `${image}-{{timestamp}}`, cloud_init: true }),
      credentials: [fromEnvironment({ linode_token: 'LINODE_TOKEN' })],
    },
  ],
  bases: {
    'debian-12': { user: 'root', options: { image: 'linode/debian12' } },
    'debian-13': { user: 'root', options: { image: 'linode/debian13' } },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 16 * 1024, counts: 'raw' },
  launch: { ...linodeLaunch, source: readIn('terraform-provider-linode 3.13, docs/resources') },
  import: {
    format: 'raw',
    packed: 'gz',
    ending: '.img.gz',
    atMost: 6 * GiB,
    way: '`linode-cli image-upload --cloud-init`; a larger disk never appears and nothing is said, and the server needs the kernel linode/direct-disk or grub2',
    commands,
  },
  datasource: 'Akamai',
  firmware: { sys_vendor: ['Linode', 'Akamai'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening:
      'ask its support by a ticket, after the address record and the reverse name are set; 465 and 587 are closed too',
  },
  port53: 'only its firewall',
  reverseName: 'by its API, once the name leads to the address',
  ipv6: 'an address for each Linode, a /64 if asked for',
  devices: { boot: '/dev/sda', network: 'eth0' },
  rootDisks,
  sources: {
    builders: readIn('linode/packer-plugin-linode 87aa2ec, builder/linode/config.hcl2spec.go'),
    bases: readIn('linode/packer-plugin-linode 87aa2ec, its examples'),
    userData: unchecked(),
    import: readIn('flatcar, akamai.md; siderolabs/docs, akamai; developers.linode.com'),
    commands: readIn('techdocs.akamai.com, linode-api, upload an image', '2026-11-29'),
    datasource: readIn('canonical/cloud-init 02c826a9e: newer than the cloud-init of Debian 12'),
    port25: readIn('linode.com, blog of November 2019'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-linode 3.13, linode_rdns'),
    ipv6: readIn('terraform-provider-linode 3.13, linode_instance'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
