/** Oracle Cloud Infrastructure. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { oracleLaunch } from './launch/oracle.ts';
import { block, byVariable, map, number, required, sshOptions, text } from './packer-builder.ts';

const GiB = 1024 ** 3;
const noImage = { none: 'it offers no image of it: import the baked disk, and begin with that' };

const commands: ImportCommands = {
  first: '`oci setup config` was done.',
  fill: { bucket: 'a bucket of yours in that region' },
  steps: [
    {
      does: 'your namespace is asked for',
      argv: ['oci', 'os', 'ns', 'get', '--query', 'data', '--raw-output'],
      gives: 'namespace',
    },
    {
      does: 'the disk goes to the bucket',
      argv: [
        'oci',
        'os',
        'object',
        'put',
        '--bucket-name',
        '{bucket}',
        '--file',
        '{file}',
        '--name',
        '{object}',
      ],
      undo: ['oci', 'os', 'object', 'delete', '--bucket-name', '{bucket}', '--name', '{object}', '--force'],
    },
    {
      does: 'an image is made of it, which goes on when the command has ended',
      argv: [
        'oci',
        'compute',
        'image',
        'import',
        'from-object',
        '--bucket-name',
        '{bucket}',
        '--namespace',
        '{namespace}',
        '--name',
        '{object}',
        '--compartment-id',
        '{compartment_ocid}',
        '--display-name',
        '{image}',
        '--source-image-type',
        'VMDK',
        '--launch-mode',
        'PARAVIRTUALIZED',
        '--query',
        'data.id',
        '--raw-output',
      ],
      undo: ['oci', 'compute', 'image', 'delete', '--image-id', '{image_id}', '--force'],
      gives: 'image_id',
    },
    {
      does: 'the disk is removed from the bucket',
      argv: ['oci', 'os', 'object', 'delete', '--bucket-name', '{bucket}', '--name', '{object}', '--force'],
      later: 'when the image is available',
    },
  ],
};

export const oracle = {
  name: 'oracle',
  title: 'Oracle Cloud',
  builders: [
    {
      type: 'oracle-oci',
      plugin: { name: 'oracle', source: 'github.com/hashicorp/oracle', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        availability_domain: text('Where it bakes.', 'Uocm:EU-FRANKFURT-1-AD-1', required),
        region: text('Its region.', 'eu-frankfurt-1', required),
        compartment_ocid: text(
          'Compartment that bakes and has the image.',
          'ocid1.compartment.oc1..aaaa',
          required,
        ),
        subnet_ocid: text('Subnet of the machine that bakes.', 'ocid1.subnet.oc1..aaaa', required),
        shape: text('Its shape.', 'VM.Standard.E2.1.Micro', required),
        base_image_ocid: text('Image to begin with.', 'ocid1.image.oc1..aaaa'),
        base_image_filter: block('Or found.', {
          compartment_id: text('In which compartment.', 'ocid1.compartment.oc1..aaaa'),
          display_name: text('Its name.', 'base'),
          display_name_search: text('Or a regular expression of it.', '^base'),
          operating_system: text('Its system.', 'Debian'),
          operating_system_version: text('Its version.', '12'),
        }),
        image_name: text('Name of the image that is made.', 'mail'),
        image_launch_mode: text('How machines are made of it.', 'PARAVIRTUALIZED'),
        disk_size: number('GiB of the disk, at least 50.', 50),
        tags: map('Tags of the image.', { role: 'mail' }),
        ...sshOptions,
      },
      oneOf: [['base_image_ocid', 'base_image_filter']],
      baseOptions: ['base_image_ocid', 'base_image_filter'],
      defaults: ({ image }) => ({ image_name: `${image}-{{timestamp}}`, tags: { letterbox: image } }),
      // key_file must be PKCS#1 in PEM for 1.6.6: it reports PKCS#8 as missing.
      credentials: [
        byVariable({
          tenancy_ocid: 'OCI_CLI_TENANCY',
          user_ocid: 'OCI_CLI_USER',
          fingerprint: 'OCI_CLI_FINGERPRINT',
          key_file: 'OCI_CLI_KEY_FILE',
        }),
      ],
    },
  ],
  bases: { 'debian-12': noImage, 'debian-13': noImage, 'ubuntu-14.04': noImage },
  userData: { limit: 32_000, counts: 'base64' },
  launch: { ...oracleLaunch, source: unchecked() },
  import: {
    format: 'vmdk',
    atMost: 400 * GiB,
    way: 'from a bucket, `oci compute image import from-object --source-image-type VMDK --launch-mode PARAVIRTUALIZED`; started by BIOS',
    commands,
  },
  datasource: 'Oracle',
  datasourceUnknownTo: ['ubuntu-14.04'],
  firmware: { chassis_asset_tag: ['OracleCloud.com'] },
  met: 'lab',
  port25: {
    out: 'closed until asked for',
    opening: 'ask by a service request; those of the free tier fail',
  },
  port53: 'only its firewall',
  reverseName: 'by a service request',
  ipv6: 'where its network has it',
  devices: { boot: '/dev/sda', network: 'ens3' },
  rootDisks,
  sources: {
    builders: readIn('hashicorp/packer-plugin-oracle 087ddac; hashicorp/packer v1.6.6, builder/oracle/oci'),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn('siderolabs/docs, oracle.mdx; siderolabs/talos issue 12557'),
    commands: readIn('docs.cloud.oracle.com, oci-cli, compute image import from-object', '2026-11-29'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('postalserver/postal issue 2164'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: unchecked(),
    ipv6: unchecked(),
    devices: unchecked(),
  },
} as const satisfies Cloud;
