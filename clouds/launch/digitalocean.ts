/** A box at DigitalOcean. Mail leaves by the droplet's own address, which a new droplet changes: the reserved one is for what comes in. */
import { everywhere, kept, type Launch, ref, rules, said, userData } from '../launch-plan.ts';

export const digitaloceanLaunch = {
  provider: { name: 'digitalocean', source: 'digitalocean/digitalocean', version: '~> 2.99' },
  login: '`DIGITALOCEAN_TOKEN` in the environment, a personal access token',
  image: 'the ID of the custom image or snapshot',
  notes: [
    "What the box sends leaves by the droplet's own address, whose reverse name is the droplet's name, and not by the reserved one; a droplet of a custom image has no IPv6.",
  ],
  module: (plan) => ({
    variables: {
      size: said(plan, 'size', 'Size of the droplet.'),
      region: said(plan, 'region', 'Where all of it is.'),
      ssh_keys: {
        type: 'list(string)',
        description:
          'IDs or fingerprints of keys of your account: a droplet of a custom image must have one.',
      },
    },
    resources: {
      digitalocean_reserved_ip: { ipv4: { region: ref('var.region'), ...kept } },
      digitalocean_volume: {
        state: {
          name: `${plan.name}-state`,
          region: ref('var.region'),
          size: ref('var.volume_size'),
          ...kept,
        },
      },
      digitalocean_droplet: {
        box: {
          // The reverse name of its own address.
          name: plan.hostname,
          image: ref('var.image'),
          size: ref('var.size'),
          region: ref('var.region'),
          ssh_keys: ref('var.ssh_keys'),
          user_data: userData,
          volume_ids: [ref('digitalocean_volume.state.id')],
        },
      },
      digitalocean_reserved_ip_assignment: {
        ipv4: { ip_address: ref(ipv4), droplet_id: ref('digitalocean_droplet.box.id') },
      },
      digitalocean_firewall: {
        box: {
          name: plan.name,
          droplet_ids: [ref('digitalocean_droplet.box.id')],
          inbound_rule: [
            { protocol: 'icmp', source_addresses: everywhere },
            ...rules(plan).map(({ protocol, port }) => ({
              protocol,
              port_range: `${port}`,
              source_addresses: everywhere,
            })),
          ],
          outbound_rule: [
            { protocol: 'icmp', destination_addresses: everywhere },
            { protocol: 'tcp', port_range: '1-65535', destination_addresses: everywhere },
            { protocol: 'udp', port_range: '1-65535', destination_addresses: everywhere },
          ],
        },
      },
    },
    ipv4,
    translated: true,
    device: `"/dev/disk/by-id/scsi-0DO_Volume_${plan.name}-state"`,
  }),
} as const satisfies Launch;

const ipv4 = 'digitalocean_reserved_ip.ipv4.ip_address';
