/** Vultr. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { vultrLaunch } from './launch/vultr.ts';
import { bool, fromEnvironment, list, number, required, sshOptions, text } from './packer-builder.ts';

const commands: ImportCommands = {
  first: 'VULTR_API_KEY is set, and the AWS CLI has a key of the store.',
  fill: { store: 'the host of an object store that speaks S3', bucket: 'a bucket of yours in it' },
  steps: [
    {
      does: 'the disk goes to a bucket, for all to read',
      argv: [
        'aws',
        's3',
        'cp',
        '{file}',
        's3://{bucket}/{object}',
        '--endpoint-url',
        'https://{store}',
        '--acl',
        'public-read',
      ],
      undo: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--endpoint-url', 'https://{store}'],
    },
    {
      does: 'a snapshot is made of it',
      argv: [
        'vultr-cli',
        'snapshot',
        'create-url',
        '--url',
        'https://{store}/{bucket}/{object}',
        '--description',
        '{image}',
      ],
      undo: ['vultr-cli', 'snapshot', 'delete', '{snapshot}'],
    },
    {
      does: 'the disk is removed from the bucket',
      argv: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--endpoint-url', 'https://{store}'],
      later: 'when the snapshot is complete',
    },
  ],
};

export const vultr = {
  name: 'vultr',
  title: 'Vultr',
  builders: [
    {
      type: 'vultr',
      plugin: { name: 'vultr', source: 'github.com/vultr/vultr', version: '>= 2.0.0' },
      debian: 'lacks',
      lays: 'steps',
      options: {
        region_id: text('Where it bakes.', 'fra', required),
        plan_id: text('Plan of the machine that bakes.', 'vc2-1c-1gb', required),
        os_id: number('System to begin with, by its number there.', 2136),
        snapshot_id: text(
          'Or a snapshot of your own, with an ssh key that it knows.',
          '00000000-0000-0000-0000-000000000000',
        ),
        snapshot_description: text('What is said of the snapshot that is made.', 'mail'),
        instance_label: text('Label of the machine that bakes.', 'bake'),
        hostname: text('Its host name.', 'bake'),
        enable_ipv6: bool('Gives it an IPv6 address.'),
        tags: list('Its tags.', ['bake']),
        ...sshOptions,
      },
      baseOptions: ['os_id', 'snapshot_id'],
      defaults: ({ image }) => ({ snapshot_description: `${image}-{{timestamp}}` }),
      credentials: [fromEnvironment({ api_key: 'VULTR_API_KEY' })],
    },
  ],
  bases: {
    'debian-12': { user: 'root', options: { os_id: 2136 } },
    'debian-13': { user: 'root', options: { os_id: 2625 } },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 16 * 1024, counts: 'base64' },
  launch: { ...vultrLaunch, source: readIn('terraform-provider-vultr 2.32, website/docs') },
  import: {
    format: 'raw',
    way: '`vultr-cli snapshot create-url` takes it from a public URL',
    commands,
  },
  datasource: 'Vultr',
  datasourceUnknownTo: ['ubuntu-14.04'],
  firmware: { sys_vendor: ['Vultr'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening: 'ask its support by a ticket; many new accounts are refused',
  },
  port53: 'only its firewall',
  reverseName: 'by its API, for IPv4 and IPv6; it takes 6 to 12 hours',
  ipv6: 'if asked for (`enable_ipv6`)',
  devices: { boot: '/dev/vda', network: 'enp1s0' },
  rootDisks,
  sources: {
    builders: readIn('vultr/packer-plugin-vultr fb0c12d, builder/vultr/config.hcl2spec.go'),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn(
      'vultr/vultr-cli, snapshot create-url; terraform-provider-vultr 2.32, vultr_snapshot_from_url',
    ),
    commands: readIn('docs.vultr.com, vultr-cli snapshot create-url', '2026-11-29'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('LukeSmithxyz/emailwiz issues 172 and 313'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-vultr 2.32, vultr_reverse_ipv4'),
    ipv6: readIn('terraform-provider-vultr 2.32, vultr_instance'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
