/** Google Compute Engine. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { gceLaunch } from './launch/gce.ts';
import { fromEnvironment, list, map, number, required, sshOptions, text } from './packer-builder.ts';

const GiB = 1024 ** 3;

const commands: ImportCommands = {
  first: '`gcloud auth login` was done.',
  fill: { bucket: 'a bucket of yours' },
  steps: [
    {
      does: 'the archive goes to the bucket',
      argv: ['gcloud', 'storage', 'cp', '{file}', 'gs://{bucket}/{object}'],
      undo: ['gcloud', 'storage', 'rm', 'gs://{bucket}/{object}'],
    },
    {
      does: 'an image is made of it',
      argv: [
        'gcloud',
        'compute',
        'images',
        'create',
        '{image}',
        '--project',
        '{project_id}',
        '--source-uri',
        'gs://{bucket}/{object}',
        '--guest-os-features',
        'UEFI_COMPATIBLE,GVNIC,VIRTIO_SCSI_MULTIQUEUE',
      ],
      undo: ['gcloud', 'compute', 'images', 'delete', '{image}', '--project', '{project_id}', '--quiet'],
    },
    {
      does: 'the archive is removed from the bucket',
      argv: ['gcloud', 'storage', 'rm', 'gs://{bucket}/{object}'],
    },
  ],
};

export const gce = {
  name: 'gce',
  title: 'Google Compute Engine',
  builders: [
    {
      type: 'googlecompute',
      plugin: { name: 'googlecompute', source: 'github.com/hashicorp/googlecompute', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        project_id: text('Project that bakes and has the image.', 'my-project', required),
        zone: text('Where it bakes.', 'europe-west1-b', required),
        machine_type: text('Type of the machine that bakes.', 'e2-small'),
        source_image: text('Image to begin with.', 'debian-12-bookworm-v20260101'),
        source_image_family: text('Or the newest of a family.', 'debian-12'),
        source_image_project_id: list('Projects in which they are looked for.', ['debian-cloud']),
        image_name: text('Name of the image that is made.', 'mail'),
        image_family: text('Its family.', 'mail'),
        image_labels: map('Its labels.', { role: 'mail' }),
        disk_size: number('GiB of the disk.', 10),
        network: text('Network of the machine that bakes.', 'default'),
        subnetwork: text('Its subnet.', 'default'),
        ...sshOptions,
      },
      baseOptions: ['source_image', 'source_image_family', 'source_image_project_id'],
      defaults: ({ image, diskGiB }) => ({
        image_name: `${image}-{{timestamp}}`,
        image_family: image,
        image_labels: { letterbox: image },
        disk_size: Math.max(10, diskGiB),
      }),
      credentials: [fromEnvironment({ account_file: 'GOOGLE_APPLICATION_CREDENTIALS' })],
    },
  ],
  bases: {
    'debian-12': {
      user: 'packer',
      options: { source_image_family: 'debian-12', source_image_project_id: ['debian-cloud'] },
    },
    'debian-13': {
      user: 'packer',
      options: { source_image_family: 'debian-13', source_image_project_id: ['debian-cloud'] },
    },
    'ubuntu-14.04': { none: 'it offers no image of it any more' },
  },
  userData: { limit: 256 * 1024, counts: 'raw' },
  launch: {
    ...gceLaunch,
    source: readIn(
      'terraform-provider-google 7.45, website/docs; what is optional in part from common knowledge',
    ),
  },
  import: {
    format: 'gce',
    multipleOf: GiB,
    way: 'the archive with disk.raw goes to a bucket, and `gcloud compute images create --source-uri` takes it, with UEFI_COMPATIBLE, GVNIC and VIRTIO_SCSI_MULTIQUEUE as guest OS features',
    commands,
  },
  datasource: 'GCE',
  firmware: { product_name: ['Google Compute Engine'] },
  met: 'lab',
  port25: { out: 'closed for good', opening: 'Google never opens it; a relay is reached by 587' },
  port53: 'only its firewall',
  reverseName: '`public_ptr_domain_name`, of a domain that Google has seen to be yours',
  ipv6: 'in a dual-stack subnet, with a reverse name of its own',
  devices: { boot: '/dev/sda', network: 'ens4' },
  rootDisks,
  sources: {
    builders: readIn(
      'hashicorp/packer-plugin-googlecompute 9c447ee; hashicorp/packer v1.6.6, builder/googlecompute',
    ),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn(
      'hashicorp/packer v1.6.6, googlecompute-import; cloud.google.com, import boot disks by hand',
    ),
    commands: unchecked('2026-11-29'),
    datasource: readIn('cloud-init 22.4.2 of Debian 12, cloudinit/sources'),
    port25: readIn('cloud.google.com, sending mail from an instance'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn(
      'terraform-provider-google 7.45, google_compute_instance; that the domain is verified: not checked',
    ),
    ipv6: readIn('terraform-provider-google 7.45, google_compute_instance'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
