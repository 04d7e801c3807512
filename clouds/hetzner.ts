/** Hetzner Cloud. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { hetznerLaunch } from './launch/hetzner.ts';
import { block, bool, fromEnvironment, list, map, required, sshOptions, text } from './packer-builder.ts';

const commands: ImportCommands = {
  first: '`hcloud context create` was done or HCLOUD_TOKEN is set, and an ssh key of yours is there.',
  fill: { ssh_key: 'the name there of an ssh key that your agent has' },
  steps: [
    {
      does: 'a helper server is made, which costs by the hour',
      argv: [
        'hcloud',
        'server',
        'create',
        '--name',
        '{image}',
        '--type',
        '{server_type}',
        '--location',
        '{location}',
        '--image',
        'debian-12',
        '--ssh-key',
        '{ssh_key}',
        '--start-after-create=false',
      ],
      undo: ['hcloud', 'server', 'delete', '{image}'],
    },
    {
      does: 'its rescue system is chosen',
      argv: ['hcloud', 'server', 'enable-rescue', '{image}', '--type', 'linux64', '--ssh-key', '{ssh_key}'],
    },
    { does: 'it is started', argv: ['hcloud', 'server', 'poweron', '{image}'] },
    { does: 'its address is asked for', argv: ['hcloud', 'server', 'ip', '{image}'], gives: 'address' },
    {
      does: 'its disk is emptied',
      argv: [
        'ssh',
        '-o',
        'StrictHostKeyChecking=accept-new',
        '-o',
        'ConnectionAttempts=60',
        'root@{address}',
        'blkdiscard --force /dev/sda',
      ],
    },
    {
      does: 'the disk is written onto it',
      argv: [
        'ssh',
        '-o',
        'StrictHostKeyChecking=accept-new',
        '-o',
        'ConnectionAttempts=60',
        'root@{address}',
        'zstd --decompress --stdout | dd of=/dev/sda bs=4M conv=sparse && sync',
      ],
      input: '{file}',
    },
    { does: 'it is switched off', argv: ['hcloud', 'server', 'poweroff', '{image}'] },
    {
      does: 'a snapshot is made of it',
      argv: [
        'hcloud',
        'server',
        'create-image',
        '{image}',
        '--type',
        'snapshot',
        '--description',
        '{image}',
        '--label',
        'letterbox={image}',
      ],
      undo: ['hcloud', 'image', 'delete', '{snapshot}'],
    },
    { does: 'the helper server is removed', argv: ['hcloud', 'server', 'delete', '{image}'] },
  ],
};

export const hetzner = {
  name: 'hetzner',
  title: 'Hetzner Cloud',
  builders: [
    {
      type: 'hcloud',
      plugin: { name: 'hcloud', source: 'github.com/hetznercloud/hcloud', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        server_type: text('Type of the server that bakes.', 'cx23', required),
        location: text('Where it bakes; a snapshot can be used everywhere.', 'fsn1', required),
        image: text('Image to begin with.', 'debian-12'),
        image_filter: block('The same, found by labels.', {
          with_selector: list('Label selectors.', ['base=own']),
          most_recent: bool('Takes the newest that fits.'),
        }),
        snapshot_name: text('Name of the snapshot that is made.', 'mail'),
        snapshot_labels: map('Its labels, by which it is found again.', { role: 'mail' }),
        server_name: text('Name of the server that bakes.', 'bake'),
        ...sshOptions,
      },
      baseOptions: ['image', 'image_filter'],
      defaults: ({ image }) => ({
        snapshot_name: `${image}-{{timestamp}}`,
        snapshot_labels: { letterbox: image },
      }),
      credentials: [fromEnvironment({ token: 'HCLOUD_TOKEN' })],
    },
  ],
  bases: {
    'debian-12': { user: 'root', options: { image: 'debian-12' } },
    'debian-13': { user: 'root', options: { image: 'debian-13' } },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 32 * 1024, counts: 'raw' },
  launch: { ...hetznerLaunch, source: readIn('terraform-provider-hcloud 1.68, docs/resources') },
  import: {
    format: 'raw',
    packed: 'zst',
    way: 'a helper server in its rescue system writes the disk onto its own, and a snapshot is made of that',
    commands,
  },
  datasource: 'Hetzner',
  datasourceUnknownTo: ['ubuntu-14.04'],
  firmware: { sys_vendor: ['Hetzner'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening:
      'ask for it in its console, a month after the first paid invoice at the earliest; 465 is closed too',
  },
  port53: 'only its firewall',
  reverseName: 'by its API and console, for IPv4 and IPv6',
  ipv6: 'a /64 for each server',
  devices: { boot: '/dev/sda', network: 'eth0' },
  rootDisks,
  sources: {
    builders: readIn('hetznercloud/packer-plugin-hcloud 1b1087b; hashicorp/packer v1.6.6, builder/hcloud'),
    bases: readIn('hetznercloud/packer-plugin-hcloud 1b1087b, its examples'),
    userData: readIn("terraform-provider-hcloud 1.68, hcloud_server: 'user_data'"),
    import: readIn('hcloud-upload-image 9708389'),
    commands: readIn(
      'hcloud-upload-image 9708389, the steps; siderolabs/docs, the words of the hcloud command',
      '2026-11-29',
    ),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('docs.hetzner.com, as quoted in LukeSmithxyz/emailwiz issue 317'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-hcloud 1.68, hcloud_rdns'),
    ipv6: readIn('terraform-provider-hcloud 1.68, hcloud_primary_ip'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
