/** A box at Hetzner Cloud. A changed image replaces the server there, so what must stay is a resource of its own. */
import { attachedLater, everywhere, kept, type Launch, ref, rules, said, userData } from '../launch-plan.ts';

export const hetznerLaunch = {
  provider: { name: 'hcloud', source: 'hetznercloud/hcloud', version: '~> 1.68' },
  login: '`HCLOUD_TOKEN` in the environment, an API token of the project with read and write',
  walked: true,
  image: 'the ID of the snapshot',
  notes: [attachedLater],
  module: (plan) => ({
    variables: {
      server_type: said(plan, 'server_type', 'Type of the server.'),
      location: said(plan, 'location', 'Where the server, its addresses and its volume are.'),
    },
    resources: {
      hcloud_primary_ip: {
        ipv4: { ...address, name: `${plan.name}-ipv4`, type: 'ipv4' },
        ipv6: { ...address, name: `${plan.name}-ipv6`, type: 'ipv6' },
      },
      hcloud_volume: {
        state: {
          name: `${plan.name}-state`,
          size: ref('var.volume_size'),
          location: ref('var.location'),
          ...kept,
        },
      },
      hcloud_firewall: {
        box: {
          name: plan.name,
          rule: [
            { direction: 'in', protocol: 'icmp', source_ips: everywhere },
            ...rules(plan).map(({ protocol, port }) => ({
              direction: 'in',
              protocol,
              port: `${port}`,
              source_ips: everywhere,
            })),
          ],
        },
      },
      hcloud_server: {
        box: {
          name: plan.hostname,
          server_type: ref('var.server_type'),
          location: ref('var.location'),
          image: ref('var.image'),
          user_data: userData,
          firewall_ids: [ref('hcloud_firewall.box.id')],
          shutdown_before_deletion: true,
          public_net: {
            ipv4_enabled: true,
            ipv4: ref('hcloud_primary_ip.ipv4.id'),
            ipv6_enabled: true,
            ipv6: ref('hcloud_primary_ip.ipv6.id'),
          },
        },
      },
      hcloud_volume_attachment: {
        // cloud-init mounts it, where the box wants it.
        state: {
          volume_id: ref('hcloud_volume.state.id'),
          server_id: ref('hcloud_server.box.id'),
          automount: false,
        },
      },
      hcloud_rdns: {
        ipv4: {
          primary_ip_id: ref('hcloud_primary_ip.ipv4.id'),
          ip_address: ref(ipv4),
          dns_ptr: plan.hostname,
        },
        ipv6: {
          primary_ip_id: ref('hcloud_primary_ip.ipv6.id'),
          ip_address: ref(ipv6),
          dns_ptr: plan.hostname,
        },
      },
    },
    ipv4,
    ipv6,
    device: 'hcloud_volume.state.linux_device',
  }),
} as const satisfies Launch;

const ipv4 = 'hcloud_primary_ip.ipv4.ip_address';
/** The first of its /64, which the server is given. */
const ipv6 = 'cidrhost(hcloud_primary_ip.ipv6.ip_network, 1)';

const address = {
  location: ref('var.location'),
  assignee_type: 'server',
  // Else it goes with the server.
  auto_delete: false,
  ...kept,
} as const;
