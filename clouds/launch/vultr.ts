/** A box at Vultr. The volume knows its instance and not the other way round, so it is named as the kernel does. */
import {
  attachedLater,
  type Body,
  kept,
  type Launch,
  type LaunchPlan,
  ref,
  rules,
  said,
  userData,
} from '../launch-plan.ts';

export const vultrLaunch = {
  provider: { name: 'vultr', source: 'vultr/vultr', version: '~> 2.32' },
  login: '`VULTR_API_KEY` in the environment, and your address in the list of those that may use it',
  image: 'the ID of the snapshot',
  notes: [
    attachedLater,
    'IPv6 comes with the instance and changes with it. A reverse name takes 6 to 12 hours.',
  ],
  module: (plan) => ({
    variables: {
      plan_id: said(plan, 'plan_id', 'Plan of the instance.'),
      region_id: said(plan, 'region_id', 'Where all of it is.'),
    },
    resources: {
      vultr_reserved_ip: {
        ipv4: { region: ref('var.region_id'), ip_type: 'v4', label: plan.name, ...kept },
      },
      vultr_firewall_group: { box: { description: plan.name } },
      vultr_firewall_rule: Object.assign(
        {},
        ...rules(plan).map(({ protocol, port }) =>
          eachFamily(`${protocol}_${port}`, { protocol, port: `${port}` }),
        ),
        eachFamily('icmp', { protocol: 'icmp' }),
      ) as Record<string, Body>,
      vultr_instance: {
        box: {
          label: plan.name,
          hostname: plan.hostname,
          plan: ref('var.plan_id'),
          region: ref('var.region_id'),
          snapshot_id: ref('var.image'),
          enable_ipv6: true,
          reserved_ip_id: ref('vultr_reserved_ip.ipv4.id'),
          firewall_group_id: ref('vultr_firewall_group.box.id'),
          activation_email: false,
          user_data: userData,
        },
      },
      vultr_block_storage: {
        state: {
          label: `${plan.name}-state`,
          region: ref('var.region_id'),
          size_gb: ref('var.volume_size'),
          attached_to_instance: ref('vultr_instance.box.id'),
          live: true,
          ...kept,
        },
      },
      vultr_reverse_ipv4: { ipv4: reverse(plan, ipv4) },
      vultr_reverse_ipv6: { ipv6: reverse(plan, ipv6) },
    },
    ipv4,
    ipv6,
    device: '"/dev/vdb"',
  }),
} as const satisfies Launch;

const ipv4 = 'vultr_reserved_ip.ipv4.subnet';
const ipv6 = 'vultr_instance.box.v6_main_ip';

function reverse({ hostname }: LaunchPlan, address: string): Body {
  return { instance_id: ref('vultr_instance.box.id'), ip: ref(address), reverse: hostname };
}

function eachFamily(name: string, rule: Body): Record<string, Body> {
  const group = { firewall_group_id: ref('vultr_firewall_group.box.id') };
  return {
    [`${name}_v4`]: { ...group, ip_type: 'v4', subnet: '0.0.0.0', subnet_size: 0, ...rule },
    [`${name}_v6`]: { ...group, ip_type: 'v6', subnet: '::', subnet_size: 0, ...rule },
  };
}
