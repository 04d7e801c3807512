/** OpenStack, whoever runs it; OVH's Public Cloud is one. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { openstackLaunch } from './launch/openstack.ts';
import {
  block,
  bool,
  fromEnvironment,
  list,
  map,
  number,
  required,
  sshOptions,
  text,
} from './packer-builder.ts';

const ownNames = { none: 'each OpenStack names its images itself' };

const commands: ImportCommands = {
  first: 'The OS_ variables of your project are set.',
  fill: {},
  steps: [
    {
      does: 'the disk is uploaded as an image',
      argv: [
        'openstack',
        'image',
        'create',
        '--disk-format',
        'qcow2',
        '--container-format',
        'bare',
        '--property',
        'hw_disk_bus=scsi',
        '--property',
        'hw_scsi_model=virtio-scsi',
        '--file',
        '{file}',
        '{image}',
      ],
      undo: ['openstack', 'image', 'delete', '{image}'],
    },
  ],
};

export const openstack = {
  name: 'openstack',
  title: 'OpenStack',
  also: ['OVH Public Cloud'],
  builders: [
    {
      type: 'openstack',
      plugin: { name: 'openstack', source: 'github.com/hashicorp/openstack', version: '>= 1.0.0' },
      // It asks Keystone for a token before it looks at anything else.
      debian: 'dials',
      lays: 'steps',
      options: {
        flavor: text('Flavor of the machine that bakes.', 'b3-8', required),
        region: text('Where it bakes.', 'GRA11'),
        source_image: text('Image to begin with, by its id.', '00000000-0000-0000-0000-000000000000'),
        source_image_name: text('Or by its name.', 'Debian 12'),
        source_image_filter: block('Or found.', {
          filters: block('By what.', {
            name: text('Its name.', 'Debian 12'),
            owner: text('Whose it is.', '00000000000000000000000000000000'),
            tags: list('Its tags.', ['debian']),
            visibility: text('Who may see it.', 'public'),
            properties: map('Its properties.', { os_distro: 'debian' }),
          }),
          most_recent: bool('Takes the newest that fits.'),
        }),
        external_source_image_url: text('Or taken from a URL, in qcow2.', 'https://example.net/base.qcow2'),
        image_name: text('Name of the image that is made.', 'mail'),
        image_visibility: text('Who may see it.', 'private'),
        image_tags: list('Its tags.', ['mail']),
        metadata: map('Its properties.', { hw_disk_bus: 'scsi' }),
        networks: list('Networks of the machine that bakes, by id.', [
          '00000000-0000-0000-0000-000000000000',
        ]),
        security_groups: list('Its security groups.', ['default']),
        floating_ip_network: text('Network that gives it a public address.', 'Ext-Net'),
        config_drive: bool('Gives it a configuration drive.'),
        use_blockstorage_volume: bool('Puts its disk on a volume.'),
        volume_size: number('GiB of that.', 10),
        ...sshOptions,
      },
      oneOf: [['source_image', 'source_image_name', 'source_image_filter', 'external_source_image_url']],
      baseOptions: ['source_image', 'source_image_name', 'source_image_filter', 'external_source_image_url'],
      defaults: ({ image }) => ({
        image_name: `${image}-{{timestamp}}`,
        image_tags: [`letterbox:${image}`],
      }),
      credentials: [
        fromEnvironment({
          identity_endpoint: 'OS_AUTH_URL',
          username: 'OS_USERNAME',
          password: 'OS_PASSWORD',
        }),
        fromEnvironment({
          identity_endpoint: 'OS_AUTH_URL',
          application_credential_id: 'OS_APPLICATION_CREDENTIAL_ID',
          application_credential_secret: 'OS_APPLICATION_CREDENTIAL_SECRET',
        }),
        fromEnvironment({ identity_endpoint: 'OS_AUTH_URL', token: 'OS_TOKEN' }),
        fromEnvironment({ cloud: 'OS_CLOUD' }),
      ],
    },
  ],
  bases: { 'debian-12': ownNames, 'debian-13': ownNames, 'ubuntu-14.04': ownNames },
  userData: { limit: 65_535, counts: 'base64' },
  launch: {
    ...openstackLaunch,
    source: readIn(
      'terraform-provider-openstack 3.4, docs/resources; what is optional in part from common knowledge',
    ),
  },
  import: {
    format: 'qcow2',
    way: '`openstack image create --disk-format qcow2 --container-format bare`; with the properties hw_disk_bus=scsi and hw_scsi_model=virtio-scsi',
    commands,
  },
  datasource: 'OpenStack',
  firmware: {
    product_name: ['OpenStack Nova', 'OpenStack Compute'],
    chassis_asset_tag: ['OpenStack Nova', 'OpenStack Compute'],
  },
  met: 'lab',
  port25: {
    out: 'as the operator says',
    opening: "ask whoever runs it; OVH's is open, is watched, and is shut for an address that sends spam",
  },
  port53: 'as the operator says',
  reverseName: 'by Designate, if offered; at OVH by its panel and API',
  ipv6: 'as its network has it',
  devices: { boot: '/dev/vda', network: 'ens3' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer-plugin-openstack 3562619; hashicorp/packer v1.6.6, builder/openstack'),
    bases: readIn('hashicorp/packer-plugin-openstack 3562619, its documentation'),
    userData: unchecked(),
    import: readIn('docs.openstack.org, openstack image create; cirros-dev/cirros issue 64'),
    commands: readIn('docs.openstack.org, openstack image create', '2026-11-28'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('docs.ovh.com, antispam'),
    port53: unchecked(),
    reverseName: readIn('terraform-provider-openstack 3.4, openstack_dns_recordset_v2; of OVH: not checked'),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
