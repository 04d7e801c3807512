/**
 * Arguments that the providers publish for the resources that the launch modules use: those that a module may have, and of these the ones
 * that it must. A block's own are behind a dot. Read in each provider's documents on the day that `launch.source` of the cloud says.
 */
export interface Published {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export const publishedResources: Readonly<Record<string, Published>> = {
  hcloud_primary_ip: {
    required: ['name', 'type'],
    optional: ['location', 'auto_delete', 'assignee_type', 'assignee_id', 'labels', 'delete_protection'],
  },
  hcloud_volume: {
    required: ['name', 'size'],
    optional: ['location', 'server_id', 'format', 'automount', 'labels', 'delete_protection'],
  },
  hcloud_volume_attachment: { required: ['volume_id', 'server_id'], optional: ['automount'] },
  hcloud_firewall: {
    required: ['rule.direction', 'rule.protocol'],
    optional: ['name', 'labels', 'rule', 'rule.port', 'rule.source_ips', 'rule.description'],
  },
  hcloud_server: {
    required: ['name', 'server_type', 'image'],
    optional: [
      'location',
      'user_data',
      'ssh_keys',
      'firewall_ids',
      'shutdown_before_deletion',
      'labels',
      'backups',
      'public_net',
      'public_net.ipv4_enabled',
      'public_net.ipv4',
      'public_net.ipv6_enabled',
      'public_net.ipv6',
    ],
  },
  hcloud_rdns: {
    required: ['ip_address', 'dns_ptr'],
    optional: ['server_id', 'primary_ip_id', 'floating_ip_id'],
  },
};
