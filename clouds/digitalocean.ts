/** DigitalOcean. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { withoutSda } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { digitaloceanLaunch } from './launch/digitalocean.ts';
import { bool, fromEnvironment, list, required, sshOptions, text } from './packer-builder.ts';

const commands: ImportCommands = {
  first: '`doctl auth init` was done, and the AWS CLI has a key of Spaces.',
  fill: { space: 'a space of yours in that region' },
  steps: [
    {
      does: 'the disk goes to a space, for all to read',
      argv: [
        'aws',
        's3',
        'cp',
        '{file}',
        's3://{space}/{object}',
        '--endpoint-url',
        'https://{region}.digitaloceanspaces.com',
        '--acl',
        'public-read',
      ],
      undo: [
        'aws',
        's3',
        'rm',
        's3://{space}/{object}',
        '--endpoint-url',
        'https://{region}.digitaloceanspaces.com',
      ],
    },
    {
      does: 'an image is made of it, in about a quarter of an hour',
      argv: [
        'doctl',
        'compute',
        'image',
        'create',
        '{image}',
        '--region',
        '{region}',
        '--image-url',
        'https://{space}.{region}.digitaloceanspaces.com/{object}',
        '--image-distribution',
        'Debian',
        '--format',
        'ID',
        '--no-header',
      ],
      undo: ['doctl', 'compute', 'image', 'delete', '{image_id}', '--force'],
      gives: 'image_id',
    },
    {
      does: 'the disk is removed from the space',
      argv: [
        'aws',
        's3',
        'rm',
        's3://{space}/{object}',
        '--endpoint-url',
        'https://{region}.digitaloceanspaces.com',
      ],
      later: 'when the image is there',
    },
  ],
};

export const digitalocean = {
  name: 'digitalocean',
  title: 'DigitalOcean',
  builders: [
    {
      type: 'digitalocean',
      plugin: { name: 'digitalocean', source: 'github.com/digitalocean/digitalocean', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        region: text('Where it bakes and where the snapshot is.', 'fra1', required),
        size: text('Size of the droplet that bakes.', 's-1vcpu-1gb', required),
        image: text('Image to begin with.', 'debian-12-x64'),
        snapshot_name: text('Name of the snapshot that is made.', 'mail'),
        snapshot_regions: list('Regions that it is copied to.', ['ams3']),
        droplet_name: text('Name of the droplet that bakes.', 'bake'),
        ipv6: bool('Gives it an IPv6 address.'),
        tags: list('Its tags.', ['bake']),
        private_networking: bool('Gives it a private network.'),
        vpc_uuid: text('Which one; it wants `private_networking`.', '00000000-0000-0000-0000-000000000000'),
        ...sshOptions,
      },
      baseOptions: ['image'],
      defaults: ({ image }) => ({ snapshot_name: `${image}-{{timestamp}}` }),
      credentials: [fromEnvironment({ api_token: 'DIGITALOCEAN_API_TOKEN' })],
    },
  ],
  bases: {
    'debian-12': { user: 'root', options: { image: 'debian-12-x64' } },
    'debian-13': { user: 'root', options: { image: 'debian-13-x64' } },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 64 * 1024, counts: 'raw' },
  launch: { ...digitaloceanLaunch, source: readIn('terraform-provider-digitalocean 2.99, docs/resources') },
  import: {
    format: 'raw',
    packed: 'gz',
    atMost: 100 * 1000 ** 3 - 1,
    way: 'a custom image is taken from a URL; droplets made of one have no IPv6, and must name an ssh key',
    commands,
  },
  datasource: 'DigitalOcean',
  datasourceUnknownTo: ['ubuntu-14.04'],
  firmware: { sys_vendor: ['DigitalOcean'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening: 'new accounts have it closed, and its advice is not to run mail there',
  },
  port53: 'only its firewall',
  reverseName: "by the droplet's name",
  ipv6: 'for its own images; none for custom ones',
  devices: { boot: '/dev/vda', network: 'eth0' },
  // Its root is vda, and the first volume is sda.
  rootDisks: withoutSda,
  sources: {
    builders: readIn(
      'digitalocean/packer-plugin-digitalocean a8afd8e; hashicorp/packer v1.6.6, builder/digitalocean',
    ),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn('docs.digitalocean.com, custom images, limits'),
    commands: readIn('docs.digitalocean.com, doctl compute image create', '2026-11-29'),
    datasource: readIn(
      'cloud-init 22.4.2 and 25.1.4 of Debian, DataSourceDigitalOcean and ds-identify',
      '2026-12-01',
    ),
    port25: readIn('docs.digitalocean.com, support, SMTP'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: unchecked(),
    ipv6: readIn('docs.digitalocean.com, custom images, limits'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
