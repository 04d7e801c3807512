/** A box in an OpenStack: a port that stays, with a floating address in front of it. */
import { attachedLater, type Body, kept, type Launch, ref, rules, said, userData } from '../launch-plan.ts';

export const openstackLaunch = {
  provider: { name: 'openstack', source: 'terraform-provider-openstack/openstack', version: '~> 3.4' },
  login: '`OS_CLOUD`, or `OS_AUTH_URL` and what it asks for, in the environment',
  image: 'the ID of the image',
  notes: [
    attachedLater,
    'The path of the volume is that of virtio-scsi (`hw_disk_bus=scsi` of the image); with another bus name it in `box.storage.device`.',
    'A reverse name is asked of whoever runs it.',
  ],
  module: (plan) => ({
    variables: {
      flavor: said(plan, 'flavor', 'Flavor of the server.'),
      network_id: { type: 'string', description: "The network that the server's port is on." },
      pool: { type: 'string', description: 'The external network that floating addresses are from.' },
    },
    resources: {
      openstack_networking_secgroup_v2: { box: { name: plan.name } },
      openstack_networking_secgroup_rule_v2: Object.assign(
        {},
        ...rules(plan).map(({ protocol, port }) =>
          eachFamily(`${protocol}_${port}`, { protocol, port_range_min: port, port_range_max: port }),
        ),
        { icmp_v4: allow('IPv4', { protocol: 'icmp' }), icmp_v6: allow('IPv6', { protocol: 'ipv6-icmp' }) },
      ) as Record<string, Body>,
      openstack_networking_port_v2: {
        address: {
          name: plan.name,
          network_id: ref('var.network_id'),
          security_group_ids: [ref('openstack_networking_secgroup_v2.box.id')],
          ...kept,
        },
      },
      openstack_networking_floatingip_v2: { ipv4: { pool: ref('var.pool'), ...kept } },
      openstack_networking_floatingip_associate_v2: {
        ipv4: { floating_ip: ref(ipv4), port_id: ref('openstack_networking_port_v2.address.id') },
      },
      openstack_blockstorage_volume_v3: {
        state: { name: `${plan.name}-state`, size: ref('var.volume_size'), ...kept },
      },
      openstack_compute_instance_v2: {
        box: {
          name: plan.hostname,
          image_id: ref('var.image'),
          flavor_name: ref('var.flavor'),
          user_data: userData,
          network: { port: ref('openstack_networking_port_v2.address.id') },
        },
      },
      openstack_compute_volume_attach_v2: {
        state: {
          instance_id: ref('openstack_compute_instance_v2.box.id'),
          volume_id: ref('openstack_blockstorage_volume_v3.state.id'),
        },
      },
    },
    ipv4,
    translated: true,
    device:
      'format("/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_%s", openstack_blockstorage_volume_v3.state.id)',
  }),
} as const satisfies Launch;

const ipv4 = 'openstack_networking_floatingip_v2.ipv4.address';

function allow(ethertype: 'IPv4' | 'IPv6', rule: Body): Body {
  return {
    direction: 'ingress',
    ethertype,
    security_group_id: ref('openstack_networking_secgroup_v2.box.id'),
    ...rule,
  };
}

function eachFamily(name: string, rule: Body): Record<string, Body> {
  return { [`${name}_v4`]: allow('IPv4', rule), [`${name}_v6`]: allow('IPv6', rule) };
}
