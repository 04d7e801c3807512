/** A box at Google Compute Engine, in a network of its own: the usual one has no IPv6. */
import {
  kept,
  type Launch,
  type LaunchPlan,
  ref,
  reverseLater,
  reverseName,
  said,
  userData,
} from '../launch-plan.ts';

export const gceLaunch = {
  provider: { name: 'google', source: 'hashicorp/google', version: '~> 7.45' },
  login:
    '`GOOGLE_APPLICATION_CREDENTIALS`, the path of a key file, and `GOOGLE_PROJECT`, the project, in the environment',
  image: 'the name of the image, or its self link',
  notes: [
    reverseLater,
    'Google wants to have seen before that the domain is yours.',
    'Types that have NVMe disks alone call the volume otherwise: name it in `box.storage.device`.',
    'Changed user-data is read by a new instance: `tofu apply -replace google_compute_instance.box`.',
  ],
  module: (plan) => ({
    variables: {
      machine_type: said(plan, 'machine_type', 'Type of the instance.'),
      zone: said(plan, 'zone', 'Where the instance and its disks are.'),
      ...reverseName,
    },
    resources: {
      google_compute_network: { box: { name: plan.name, auto_create_subnetworks: false } },
      google_compute_subnetwork: {
        box: {
          name: plan.name,
          region,
          network: ref('google_compute_network.box.id'),
          ip_cidr_range: '10.25.0.0/24',
          stack_type: 'IPV4_IPV6',
          ipv6_access_type: 'EXTERNAL',
        },
      },
      google_compute_address: {
        ipv4: { name: `${plan.name}-ipv4`, region, ...kept },
        ipv6: {
          name: `${plan.name}-ipv6`,
          region,
          ip_version: 'IPV6',
          ipv6_endpoint_type: 'VM',
          subnetwork: ref('google_compute_subnetwork.box.id'),
          ...kept,
        },
      },
      google_compute_disk: {
        state: {
          name: `${plan.name}-state`,
          zone: ref('var.zone'),
          size: ref('var.volume_size'),
          type: 'pd-balanced',
          ...kept,
        },
      },
      google_compute_firewall: {
        ipv4: firewall(plan, 'ipv4', '0.0.0.0/0', 'icmp'),
        ipv6: firewall(plan, 'ipv6', '::/0', '58'),
      },
      google_compute_instance: {
        box: {
          name: plan.name,
          machine_type: ref('var.machine_type'),
          zone: ref('var.zone'),
          boot_disk: { initialize_params: { image: ref('var.image') } },
          // In the same breath as the instance: no moment without it, and it is never deleted with it.
          attached_disk: { source: ref('google_compute_disk.state.id'), device_name: 'state' },
          network_interface: {
            subnetwork: ref('google_compute_subnetwork.box.id'),
            stack_type: 'IPV4_IPV6',
            access_config: { nat_ip: ref(ipv4), public_ptr_domain_name: named(plan) },
            ipv6_access_config: {
              network_tier: 'PREMIUM',
              external_ipv6: ref(ipv6),
              external_ipv6_prefix_length: 96,
              public_ptr_domain_name: named(plan),
            },
          },
          metadata: { 'user-data': userData },
        },
      },
    },
    ipv4,
    ipv6,
    translated: true,
    device: '"/dev/disk/by-id/scsi-0Google_PersistentDisk_state"',
  }),
} as const satisfies Launch;

const ipv4 = 'google_compute_address.ipv4.address';
const ipv6 = 'google_compute_address.ipv6.address';
/** `europe-west1` of `europe-west1-b`. */
const region = ref('trimsuffix(var.zone, regex("-[a-z]$", var.zone))');

const named = ({ hostname }: LaunchPlan) => ref(`var.reverse_name ? "${hostname}." : null`);

function firewall({ name, ports }: LaunchPlan, family: string, from: string, icmp: string) {
  return {
    name: `${name}-${family}`,
    network: ref('google_compute_network.box.id'),
    source_ranges: [from],
    allow: [
      { protocol: 'tcp', ports: ports.tcp.map(String) },
      { protocol: 'udp', ports: ports.udp.map(String) },
      { protocol: icmp },
    ],
  };
}
