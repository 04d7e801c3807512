/**
 * Arguments that the providers publish for the resources that the launch modules use: those that one must have, and of the others those
 * that a mail box may want. A block's own are behind a dot. `read`: in the provider's documents, as `launch.source` of the cloud says;
 * `known`: the required ones alone were read there, what else is in the list is common knowledge.
 */
export interface Published {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const words = (text: string) => text.split(' ').filter((word) => word !== '');
const read = (required: string, optional = ''): Published => ({
  required: words(required),
  optional: words(optional),
});
const known = read;

export const publishedResources: Readonly<Record<string, Published>> = {
  hcloud_primary_ip: read(
    'name type',
    'location auto_delete assignee_type assignee_id labels delete_protection',
  ),
  hcloud_volume: read('name size', 'location server_id format automount labels delete_protection'),
  hcloud_volume_attachment: read('volume_id server_id', 'automount'),
  hcloud_firewall: read(
    'rule.direction rule.protocol',
    'name labels rule rule.port rule.source_ips rule.description',
  ),
  hcloud_server: read(
    'name server_type image',
    'location user_data ssh_keys firewall_ids shutdown_before_deletion labels backups public_net public_net.ipv4_enabled public_net.ipv4 public_net.ipv6_enabled public_net.ipv6',
  ),
  hcloud_rdns: read('ip_address dns_ptr', 'server_id primary_ip_id floating_ip_id'),

  digitalocean_droplet: read(
    'image name size',
    'region ssh_keys user_data volume_ids ipv6 vpc_uuid tags backups monitoring droplet_agent graceful_shutdown',
  ),
  digitalocean_reserved_ip: read('region', 'droplet_id'),
  digitalocean_reserved_ip_assignment: read('ip_address', 'droplet_id'),
  digitalocean_volume: read('region name size', 'description tags'),
  digitalocean_firewall: read(
    'name inbound_rule.protocol outbound_rule.protocol',
    'droplet_ids tags inbound_rule inbound_rule.port_range inbound_rule.source_addresses outbound_rule outbound_rule.port_range outbound_rule.destination_addresses',
  ),

  aws_subnet: known('', 'id'),
  aws_eip: known('', 'domain instance network_interface tags'),
  aws_eip_association: known('', 'allocation_id instance_id network_interface_id'),
  aws_eip_domain_name: read('allocation_id domain_name'),
  aws_network_interface: known(
    'subnet_id',
    'security_groups ipv6_address_count private_ips description tags',
  ),
  aws_ebs_volume: read('availability_zone', 'size type encrypted tags'),
  aws_volume_attachment: read('device_name volume_id instance_id', 'stop_instance_before_detaching'),
  aws_security_group: known('', 'name description vpc_id tags'),
  aws_vpc_security_group_ingress_rule: known(
    'security_group_id ip_protocol',
    'from_port to_port cidr_ipv4 cidr_ipv6 description',
  ),
  aws_vpc_security_group_egress_rule: known(
    'security_group_id ip_protocol',
    'from_port to_port cidr_ipv4 cidr_ipv6 description',
  ),
  aws_instance: read(
    'ami instance_type network_interface.device_index network_interface.network_interface_id',
    'subnet_id user_data user_data_replace_on_change vpc_security_group_ids ipv6_address_count metadata_options network_interface root_block_device tags',
  ),

  google_compute_network: known('name', 'auto_create_subnetworks'),
  google_compute_subnetwork: known('name network', 'region ip_cidr_range stack_type ipv6_access_type'),
  google_compute_address: read('name', 'region address_type ip_version ipv6_endpoint_type subnetwork'),
  google_compute_disk: read('name', 'zone size type'),
  google_compute_firewall: read('name network allow.protocol', 'source_ranges allow allow.ports direction'),
  google_compute_instance: read(
    'name machine_type boot_disk network_interface attached_disk.source network_interface.ipv6_access_config.network_tier',
    'zone metadata boot_disk.initialize_params boot_disk.initialize_params.image attached_disk attached_disk.device_name network_interface.subnetwork network_interface.stack_type network_interface.access_config network_interface.access_config.nat_ip network_interface.access_config.public_ptr_domain_name network_interface.ipv6_access_config network_interface.ipv6_access_config.external_ipv6 network_interface.ipv6_access_config.external_ipv6_prefix_length network_interface.ipv6_access_config.public_ptr_domain_name',
  ),

  azurerm_resource_group: known('name location'),
  azurerm_virtual_network: known('name resource_group_name location address_space'),
  azurerm_subnet: known('name resource_group_name virtual_network_name address_prefixes'),
  azurerm_public_ip: read('name resource_group_name location allocation_method', 'ip_version reverse_fqdn'),
  azurerm_network_security_group: known('name resource_group_name location'),
  azurerm_network_security_rule: known(
    'name resource_group_name network_security_group_name priority direction access protocol',
    'source_port_range source_address_prefix destination_address_prefix destination_port_ranges',
  ),
  azurerm_network_interface: known(
    'name resource_group_name location ip_configuration ip_configuration.name ip_configuration.private_ip_address_allocation',
    'ip_configuration.primary ip_configuration.subnet_id ip_configuration.public_ip_address_id ip_configuration.private_ip_address_version',
  ),
  azurerm_network_interface_security_group_association: known(
    'network_interface_id network_security_group_id',
  ),
  azurerm_managed_disk: read(
    'name resource_group_name location storage_account_type create_option',
    'disk_size_gb',
  ),
  azurerm_virtual_machine_data_disk_attachment: read('managed_disk_id virtual_machine_id lun caching'),
  azurerm_linux_virtual_machine: read(
    'name resource_group_name location size network_interface_ids os_disk os_disk.caching os_disk.storage_account_type admin_username admin_ssh_key.username admin_ssh_key.public_key',
    'source_image_id admin_ssh_key custom_data',
  ),

  linode_networking_ip: read('type', 'public linode_id reserved region'),
  linode_firewall: read(
    'label inbound_policy outbound_policy inbound.label inbound.action inbound.protocol',
    'inbound inbound.ports inbound.ipv4 inbound.ipv6 linodes',
  ),
  linode_instance: read(
    'region type',
    'label image ipv4 firewall_id metadata metadata.user_data root_pass authorized_keys backups_enabled booted',
  ),
  linode_volume: read('label region', 'size linode_id tags'),
  linode_rdns: read('address rdns', 'wait_for_available'),

  vultr_reserved_ip: read('region ip_type', 'label instance_id'),
  vultr_firewall_group: read('', 'description'),
  vultr_firewall_rule: read('firewall_group_id protocol ip_type subnet subnet_size', 'port notes'),
  vultr_instance: read(
    'region plan',
    'snapshot_id hostname label user_data enable_ipv6 reserved_ip_id firewall_group_id activation_email ssh_key_ids',
  ),
  vultr_block_storage: read('region size_gb', 'label attached_to_instance live block_type'),
  vultr_reverse_ipv4: read('instance_id ip reverse'),
  vultr_reverse_ipv6: read('instance_id ip reverse'),

  openstack_networking_secgroup_v2: read('name', 'description'),
  openstack_networking_secgroup_rule_v2: read(
    'direction ethertype security_group_id',
    'protocol port_range_min port_range_max remote_ip_prefix',
  ),
  openstack_networking_port_v2: known('network_id', 'name security_group_ids fixed_ip'),
  openstack_networking_floatingip_v2: read('pool'),
  openstack_networking_floatingip_associate_v2: read('floating_ip port_id'),
  openstack_blockstorage_volume_v3: read('size', 'name'),
  openstack_compute_instance_v2: read('name', 'image_id flavor_name user_data network network.port key_pair'),
  openstack_compute_volume_attach_v2: read('instance_id volume_id'),

  scaleway_instance_ip: known('', 'type zone'),
  scaleway_block_volume: read('iops', 'name zone size_in_gb'),
  scaleway_instance_security_group: read(
    'inbound_rule.action',
    'name zone inbound_default_policy outbound_default_policy enable_default_security inbound_rule inbound_rule.protocol inbound_rule.port inbound_rule.ip_range',
  ),
  scaleway_instance_server: read(
    'type',
    'name zone image ip_id ip_ids additional_volume_ids security_group_id user_data',
  ),
  scaleway_instance_ip_reverse_dns: read('ip_id reverse', 'zone'),

  oci_core_subnet: known('subnet_id'),
  oci_core_vnic_attachments: known('compartment_id', 'instance_id'),
  oci_core_private_ips: known('', 'vnic_id'),
  oci_core_volume: known('compartment_id', 'availability_domain display_name size_in_gbs'),
  oci_core_volume_attachment: known('attachment_type instance_id volume_id'),
  oci_core_network_security_group: known('compartment_id vcn_id', 'display_name'),
  oci_core_network_security_group_security_rule: known(
    'network_security_group_id direction protocol',
    'source source_type tcp_options tcp_options.destination_port_range tcp_options.destination_port_range.min tcp_options.destination_port_range.max udp_options udp_options.destination_port_range udp_options.destination_port_range.min udp_options.destination_port_range.max',
  ),
  oci_core_instance: known(
    'compartment_id availability_domain source_details.source_type',
    'display_name shape shape_config shape_config.ocpus shape_config.memory_in_gbs source_details source_details.source_id create_vnic_details create_vnic_details.subnet_id create_vnic_details.assign_public_ip create_vnic_details.nsg_ids metadata',
  ),
  oci_core_public_ip: read('compartment_id lifetime', 'display_name private_ip_id'),

  proxmox_virtual_environment_file: read(
    'datastore_id node_name source_raw.data source_raw.file_name',
    'content_type source_raw overwrite',
  ),
  proxmox_virtual_environment_vm: read(
    'node_name disk.interface',
    'name description started on_boot stop_on_destroy scsi_hardware disk disk.datastore_id disk.file_format disk.size disk.import_from disk.path_in_datastore cpu cpu.cores cpu.type memory memory.dedicated operating_system operating_system.type serial_device network_device network_device.bridge network_device.model initialization initialization.datastore_id initialization.interface initialization.user_data_file_id initialization.ip_config initialization.ip_config.ipv4 initialization.ip_config.ipv4.address initialization.ip_config.ipv4.gateway initialization.ip_config.ipv6 initialization.ip_config.ipv6.address initialization.ip_config.ipv6.gateway',
  ),

  libvirt_volume: read(
    'name pool create.content create.content.url target.format.type',
    'capacity target target.format create type backing_store',
  ),
  libvirt_cloudinit_disk: read('name user_data meta_data', 'network_config'),
  libvirt_domain: read(
    'name type',
    'memory memory_unit vcpu autostart running os os.type os.type_arch os.type_machine os.boot_devices devices',
  ),
};
