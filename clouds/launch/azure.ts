/** A box at Microsoft Azure, in a resource group and a network of its own. */
import {
  attachedLater,
  kept,
  type Launch,
  type LaunchPlan,
  ref,
  reverseLater,
  reverseName,
  said,
} from '../launch-plan.ts';

export const azureLaunch = {
  provider: { name: 'azurerm', source: 'hashicorp/azurerm', version: '~> 5.2' },
  login:
    '`ARM_SUBSCRIPTION_ID`, `ARM_TENANT_ID`, `ARM_CLIENT_ID` and `ARM_CLIENT_SECRET` in the environment, and a file of yours beside the module with `provider "azurerm" { features {} }`, which it can\'t do without',
  image: 'the resource ID of the image',
  notes: [
    attachedLater,
    reverseLater,
    "Azure's agent makes the name of the volume, and the image has no agent: if a box waits for it in vain, name the disk in `box.storage.device`.",
  ],
  module: (plan) => ({
    variables: {
      vm_size: said(plan, 'vm_size', 'Size of the machine.'),
      location: said(plan, 'location', 'Where all of it is.'),
      ssh_key: {
        type: 'string',
        description: "A public key, RSA or ed25519: Azure wants one. The box has the user-data's.",
        ...(plan.sshKeys[0] === undefined ? {} : { default: plan.sshKeys[0] }),
      },
      ...reverseName,
    },
    resources: {
      azurerm_resource_group: { box: { name: plan.name, location: ref('var.location') } },
      azurerm_virtual_network: {
        box: { name: plan.name, ...place, address_space: ['10.25.0.0/16', 'fd25::/48'] },
      },
      azurerm_subnet: {
        box: {
          name: plan.name,
          resource_group_name: place.resource_group_name,
          virtual_network_name: ref('azurerm_virtual_network.box.name'),
          address_prefixes: ['10.25.0.0/24', 'fd25::/64'],
        },
      },
      azurerm_public_ip: { ipv4: publicIp(plan, 'IPv4'), ipv6: publicIp(plan, 'IPv6') },
      azurerm_network_security_group: { box: { name: plan.name, ...place } },
      azurerm_network_security_rule: {
        tcp: rule('Tcp', 100, plan.ports.tcp),
        udp: rule('Udp', 101, plan.ports.udp),
      },
      azurerm_network_interface: {
        box: {
          name: plan.name,
          ...place,
          ip_configuration: [
            {
              name: 'ipv4',
              primary: true,
              subnet_id: ref('azurerm_subnet.box.id'),
              private_ip_address_allocation: 'Dynamic',
              public_ip_address_id: ref('azurerm_public_ip.ipv4.id'),
            },
            {
              name: 'ipv6',
              private_ip_address_version: 'IPv6',
              subnet_id: ref('azurerm_subnet.box.id'),
              private_ip_address_allocation: 'Dynamic',
              public_ip_address_id: ref('azurerm_public_ip.ipv6.id'),
            },
          ],
        },
      },
      azurerm_network_interface_security_group_association: {
        box: {
          network_interface_id: ref('azurerm_network_interface.box.id'),
          network_security_group_id: ref('azurerm_network_security_group.box.id'),
        },
      },
      azurerm_managed_disk: {
        state: {
          name: `${plan.name}-state`,
          ...place,
          storage_account_type: 'StandardSSD_LRS',
          create_option: 'Empty',
          disk_size_gb: ref('var.volume_size'),
          ...kept,
        },
      },
      azurerm_linux_virtual_machine: {
        box: {
          name: plan.name,
          ...place,
          size: ref('var.vm_size'),
          network_interface_ids: [ref('azurerm_network_interface.box.id')],
          os_disk: { caching: 'ReadWrite', storage_account_type: 'StandardSSD_LRS' },
          source_image_id: ref('var.image'),
          // Asked for, and never made: the image has root alone.
          admin_username: 'letterbox',
          admin_ssh_key: { username: 'letterbox', public_key: ref('var.ssh_key') },
          custom_data: ref('base64encode(local.user_data)'),
        },
      },
      azurerm_virtual_machine_data_disk_attachment: {
        state: {
          managed_disk_id: ref('azurerm_managed_disk.state.id'),
          virtual_machine_id: ref('azurerm_linux_virtual_machine.box.id'),
          lun: 10,
          caching: 'None',
        },
      },
    },
    ipv4: 'azurerm_public_ip.ipv4.ip_address',
    ipv6: 'azurerm_public_ip.ipv6.ip_address',
    translated: true,
    device: '"/dev/disk/azure/scsi1/lun10"',
  }),
} as const satisfies Launch;

const place = {
  resource_group_name: ref('azurerm_resource_group.box.name'),
  location: ref('azurerm_resource_group.box.location'),
} as const;

function publicIp({ name, hostname }: LaunchPlan, version: 'IPv4' | 'IPv6') {
  return {
    name: `${name}-${version.toLowerCase()}`,
    ...place,
    allocation_method: 'Static',
    ip_version: version,
    reverse_fqdn: ref(`var.reverse_name ? "${hostname}." : null`),
    ...kept,
  };
}

function rule(protocol: 'Tcp' | 'Udp', priority: number, ports: readonly number[]) {
  return {
    name: protocol.toLowerCase(),
    resource_group_name: place.resource_group_name,
    network_security_group_name: ref('azurerm_network_security_group.box.name'),
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol,
    source_port_range: '*',
    source_address_prefix: '*',
    destination_address_prefix: '*',
    destination_port_ranges: ports.map(String),
  };
}
