/** Scaleway. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { scalewayLaunch } from './launch/scaleway.ts';
import { fromEnvironment, required, sshOptions, text } from './packer-builder.ts';

const commands: ImportCommands = {
  first: '`scw init` was done, and the AWS CLI has the same key.',
  fill: { region: 'the region of that zone, e.g. fr-par', bucket: 'a bucket of yours in it' },
  steps: [
    {
      does: 'the disk goes to the bucket',
      argv: [
        'aws',
        's3',
        'cp',
        '{file}',
        's3://{bucket}/{object}',
        '--endpoint-url',
        'https://s3.{region}.scw.cloud',
      ],
      undo: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--endpoint-url', 'https://s3.{region}.scw.cloud'],
    },
    {
      does: 'a snapshot is made of it',
      argv: [
        'scw',
        'block',
        'snapshot',
        'import-from-object-storage',
        'bucket={bucket}',
        'key={object}',
        'name={image}',
        'zone={zone}',
        '-o',
        'template={{ .ID }}',
      ],
      undo: ['scw', 'block', 'snapshot', 'delete', '{snapshot}', 'zone={zone}'],
      gives: 'snapshot',
    },
    {
      does: 'the snapshot is waited for',
      argv: ['scw', 'block', 'snapshot', 'wait', '{snapshot}', 'zone={zone}'],
    },
    {
      does: 'an image is made of it',
      argv: [
        'scw',
        'instance',
        'image',
        'create',
        'name={image}',
        'snapshot-id={snapshot}',
        'arch=x86_64',
        'zone={zone}',
      ],
      undo: ['scw', 'instance', 'image', 'delete', '{image_id}', 'zone={zone}'],
    },
    {
      does: 'the disk is removed from the bucket',
      argv: ['aws', 's3', 'rm', 's3://{bucket}/{object}', '--endpoint-url', 'https://s3.{region}.scw.cloud'],
    },
  ],
};

export const scaleway = {
  name: 'scaleway',
  title: 'Scaleway',
  builders: [
    {
      type: 'scaleway',
      plugin: { name: 'scaleway', source: 'github.com/scaleway/scaleway', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        zone: text('Where it bakes and where the image is.', 'fr-par-1', required),
        commercial_type: text('Type of the server that bakes.', 'DEV1-S', required),
        image: text('Image to begin with, by its label or id.', 'debian_bookworm'),
        image_name: text('Name of the image that is made.', 'mail'),
        server_name: text('Name of the server that bakes.', 'bake'),
        ...sshOptions,
      },
      baseOptions: ['image'],
      defaults: ({ image }) => ({ image_name: `${image}-{{timestamp}}` }),
      credentials: [
        fromEnvironment({
          access_key: 'SCW_ACCESS_KEY',
          secret_key: 'SCW_SECRET_KEY',
          project_id: 'SCW_DEFAULT_PROJECT_ID',
        }),
      ],
    },
  ],
  bases: {
    'debian-12': { user: 'root', options: { image: 'debian_bookworm' } },
    'debian-13': { user: 'root', options: { image: 'debian_trixie' } },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 16 * 1024, counts: 'raw' },
  launch: {
    ...scalewayLaunch,
    source: readIn('terraform-provider-scaleway 2.81, docs/resources; scaleway.com, identifying devices'),
  },
  import: {
    format: 'qcow2',
    way: 'from Object Storage a snapshot is imported, and an image made of that',
    commands,
  },
  datasource: 'Scaleway',
  datasourceUnknownTo: ['ubuntu-14.04'],
  firmware: { sys_vendor: ['Scaleway'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening:
      'the default security group closes 25, 465 and 587; `enable_default_security=false` opens them for authorised accounts',
  },
  port53: 'only its firewall',
  reverseName: 'by its API, for each flexible address',
  ipv6: 'by a routed address',
  devices: { boot: '/dev/sda', network: 'ens2' },
  rootDisks,
  sources: {
    builders: readIn('scaleway/packer-plugin-scaleway f0af3b5; hashicorp/packer v1.6.6, builder/scaleway'),
    bases: readIn('scaleway/packer-plugin-scaleway f0af3b5, its examples'),
    userData: unchecked(),
    import: readIn('terraform-provider-scaleway 2.81, scaleway_instance_snapshot'),
    commands: readIn('scaleway.com, docs, snapshots with the CLI', '2026-11-29'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('terraform-provider-scaleway 2.81, scaleway_instance_security_group'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-scaleway 2.81, scaleway_instance_ip_reverse_dns'),
    ipv6: readIn('terraform-provider-scaleway 2.81, scaleway_instance_ip'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
