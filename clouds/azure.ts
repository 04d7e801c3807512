/** Microsoft Azure. */
import { type Cloud, readIn, unchecked } from './cloud.ts';
import { rootDisks } from './devices.ts';
import type { ImportCommands } from './import-command.ts';
import { azureLaunch } from './launch/azure.ts';
import { byVariable, map, number, required, sshOptions, text } from './packer-builder.ts';

const MiB = 1024 ** 2;

const commands: ImportCommands = {
  first: '`az login` was done, and you may write blobs there.',
  fill: { storage_account: 'a storage account in that location', container: 'a container of it' },
  steps: [
    {
      does: 'the disk goes to a page blob',
      argv: [
        'az',
        'storage',
        'blob',
        'upload',
        '--auth-mode',
        'login',
        '--account-name',
        '{storage_account}',
        '--container-name',
        '{container}',
        '--type',
        'page',
        '--file',
        '{file}',
        '--name',
        '{object}',
      ],
      undo: [
        'az',
        'storage',
        'blob',
        'delete',
        '--auth-mode',
        'login',
        '--account-name',
        '{storage_account}',
        '--container-name',
        '{container}',
        '--name',
        '{object}',
      ],
    },
    {
      does: 'an image is made of it',
      argv: [
        'az',
        'image',
        'create',
        '--resource-group',
        '{managed_image_resource_group_name}',
        '--name',
        '{image}',
        '--location',
        '{location}',
        '--os-type',
        'Linux',
        '--hyper-v-generation',
        'V2',
        '--source',
        'https://{storage_account}.blob.core.windows.net/{container}/{object}',
      ],
      undo: [
        'az',
        'image',
        'delete',
        '--resource-group',
        '{managed_image_resource_group_name}',
        '--name',
        '{image}',
      ],
    },
    {
      does: 'the blob is removed',
      argv: [
        'az',
        'storage',
        'blob',
        'delete',
        '--auth-mode',
        'login',
        '--account-name',
        '{storage_account}',
        '--container-name',
        '{container}',
        '--name',
        '{object}',
      ],
    },
  ],
};

export const azure = {
  name: 'azure',
  title: 'Microsoft Azure',
  builders: [
    {
      type: 'azure-arm',
      plugin: { name: 'azure', source: 'github.com/hashicorp/azure', version: '>= 1.0.0' },
      debian: 'validates',
      lays: 'steps',
      options: {
        managed_image_resource_group_name: text(
          'Resource group of the image that is made.',
          'images',
          required,
        ),
        managed_image_name: text('Its name.', 'mail'),
        location: text('Where a resource group is made for the bake.', 'westeurope'),
        build_resource_group_name: text('One that is there already, in place of `location`.', 'bake'),
        vm_size: text('Size of the machine that bakes.', 'Standard_B1ms'),
        image_publisher: text('Publisher of the image to begin with.', 'Debian'),
        image_offer: text('Its offer.', 'debian-12'),
        image_sku: text('Its plan.', '12-gen2'),
        custom_managed_image_name: text('An image of your own in its place.', 'base'),
        custom_managed_image_resource_group_name: text('Its resource group.', 'images'),
        os_disk_size_gb: number('GiB of the disk.', 30),
        azure_tags: map('Tags of all that is made.', { role: 'mail' }),
        ...sshOptions,
      },
      oneOf: [['location', 'build_resource_group_name']],
      baseOptions: [
        'image_publisher',
        'image_offer',
        'image_sku',
        'custom_managed_image_name',
        'custom_managed_image_resource_group_name',
      ],
      defaults: ({ image }) => ({
        os_type: 'Linux',
        managed_image_name: `${image}-{{timestamp}}`,
        azure_tags: { letterbox: image },
      }),
      credentials: [
        byVariable({
          subscription_id: 'ARM_SUBSCRIPTION_ID',
          tenant_id: 'ARM_TENANT_ID',
          client_id: 'ARM_CLIENT_ID',
          client_secret: 'ARM_CLIENT_SECRET',
        }),
      ],
    },
  ],
  bases: {
    'debian-12': {
      user: 'packer',
      options: { image_publisher: 'Debian', image_offer: 'debian-12', image_sku: '12-gen2' },
    },
    'debian-13': {
      user: 'packer',
      options: { image_publisher: 'Debian', image_offer: 'debian-13', image_sku: '13-gen2' },
    },
    'ubuntu-14.04': {
      user: 'packer',
      options: { image_publisher: 'Canonical', image_offer: 'UbuntuServer', image_sku: '14.04.5-LTS' },
    },
  },
  userData: { limit: 65_535, counts: 'raw' },
  launch: {
    ...azureLaunch,
    source: readIn(
      'terraform-provider-azurerm 5.2, website/docs; what is optional in part from common knowledge',
    ),
  },
  import: {
    format: 'vhd',
    multipleOf: MiB,
    way: '`az storage blob upload --type page`, then `az image create --os-type Linux`; VHDX is refused',
    commands,
  },
  datasource: 'Azure',
  firmware: { chassis_asset_tag: ['7783-7084-3265-9085-8269-3286-77'] },
  met: 'lab',
  port25: {
    out: 'closed for good',
    opening: 'only an Enterprise Agreement or MCA-E has it open, and others cannot have it lifted',
  },
  port53: 'only its firewall',
  reverseName: '`reverse_fqdn` of the public address, once the name leads to it',
  ipv6: 'by a public IPv6 address of its own',
  devices: { boot: '/dev/sda', network: 'eth0' },
  rootDisks,
  temporaryDisk: { whose: 'Azure', device: '/dev/sdb', dataDisks: '/dev/disk/azure/scsi1/' },
  sources: {
    builders: readIn('hashicorp/packer-plugin-azure 999eec9e; hashicorp/packer v1.6.6, builder/azure/arm'),
    bases: unchecked(),
    userData: unchecked(),
    import: readIn('learn.microsoft.com, prepare a Linux VHD; hashicorp/packer-plugin-azure issue 521'),
    commands: unchecked('2026-11-29'),
    datasource: readIn(
      'cloud-init 22.4.2 and 25.1.4 of Debian, DataSourceAzure and ds-identify',
      '2026-12-01',
    ),
    port25: readIn('learn.microsoft.com, troubleshoot outbound SMTP'),
    port53: readIn('looked for, and nothing found against it'),
    reverseName: readIn('terraform-provider-azurerm 5.2, azurerm_public_ip'),
    ipv6: readIn('terraform-provider-azurerm 5.2, azurerm_public_ip'),
    devices: unchecked(),
  },
} as const satisfies Cloud;
