/** A box at Scaleway, with routed addresses and a volume of its block storage. */
import {
  kept,
  type Launch,
  onceNamed,
  ref,
  reverseLater,
  reverseName,
  rules,
  said,
  userData,
} from '../launch-plan.ts';

export const scalewayLaunch = {
  provider: { name: 'scaleway', source: 'scaleway/scaleway', version: '~> 2.81' },
  login: '`SCW_ACCESS_KEY`, `SCW_SECRET_KEY` and `SCW_DEFAULT_PROJECT_ID` in the environment',
  image: 'the ID of the image, or its label',
  notes: [
    reverseLater,
    'Once your account is allowed to, `-var smtp_opened=true` opens ports 25, 465 and 587 to others.',
  ],
  module: (plan) => ({
    variables: {
      commercial_type: said(plan, 'commercial_type', 'Type of the server.'),
      zone: said(plan, 'zone', 'Where all of it is.'),
      smtp_opened: {
        type: 'bool',
        description: 'Leaves out the rules that close 25, 465 and 587 to others. For authorised accounts.',
        default: false,
      },
      ...reverseName,
    },
    resources: {
      scaleway_instance_ip: {
        ipv4: { type: 'routed_ipv4', zone, ...kept },
        ipv6: { type: 'routed_ipv6', zone, ...kept },
      },
      scaleway_block_volume: {
        state: { name: `${plan.name}-state`, zone, iops: 5000, size_in_gb: ref('var.volume_size'), ...kept },
      },
      scaleway_instance_security_group: {
        box: {
          name: plan.name,
          zone,
          inbound_default_policy: 'drop',
          outbound_default_policy: 'accept',
          enable_default_security: ref('!var.smtp_opened'),
          inbound_rule: [
            { action: 'accept', protocol: 'ICMP' },
            ...rules(plan).map(({ protocol, port }) => ({
              action: 'accept',
              protocol: protocol.toUpperCase(),
              port,
            })),
          ],
        },
      },
      scaleway_instance_server: {
        box: {
          name: plan.hostname,
          zone,
          type: ref('var.commercial_type'),
          image: ref('var.image'),
          ip_ids: [ref('scaleway_instance_ip.ipv4.id'), ref('scaleway_instance_ip.ipv6.id')],
          additional_volume_ids: [ref('scaleway_block_volume.state.id')],
          security_group_id: ref('scaleway_instance_security_group.box.id'),
          user_data: { 'cloud-init': userData },
        },
      },
      scaleway_instance_ip_reverse_dns: {
        ipv4: {
          count: onceNamed,
          ip_id: ref('scaleway_instance_ip.ipv4.id'),
          reverse: plan.hostname,
          zone,
        },
      },
    },
    ipv4: 'scaleway_instance_ip.ipv4.address',
    // A prefix: the server's own is the first of it.
    ipv6: 'cidrhost(scaleway_instance_ip.ipv6.prefix, 1)',
    device:
      'format("/dev/disk/by-id/scsi-0SCW_sbs_volume-%s", element(split("/", scaleway_block_volume.state.id), 1))',
  }),
} as const satisfies Launch;

const zone = ref('var.zone');
