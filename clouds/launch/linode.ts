/** A box at Linode. The volume is named by its label, so the user-data need not wait for it. */
import {
  attachedLater,
  everywhere,
  kept,
  type Launch,
  type LaunchPlan,
  onceNamed,
  ref,
  reverseLater,
  reverseName,
  said,
} from '../launch-plan.ts';

export const linodeLaunch = {
  provider: { name: 'linode', source: 'linode/linode', version: '~> 3.13' },
  login: '`LINODE_TOKEN` in the environment, a personal access token',
  image: 'the ID of the image, `private/...`',
  notes: [
    attachedLater,
    reverseLater,
    'Reserved addresses are not open to every account. IPv6 comes with the Linode and changes with it.',
    "The configuration must boot the disk's own GRUB: kernel `linode/grub2` or `linode/direct-disk`.",
  ],
  module: (plan) => ({
    variables: {
      instance_type: said(plan, 'instance_type', 'Type of the Linode.'),
      region: said(plan, 'region', 'Where all of it is.'),
      ...reverseName,
    },
    resources: {
      linode_networking_ip: {
        ipv4: { type: 'ipv4', public: true, reserved: true, region: ref('var.region'), ...kept },
      },
      linode_firewall: {
        box: {
          label: plan.name,
          inbound_policy: 'DROP',
          outbound_policy: 'ACCEPT',
          inbound: [
            accept('tcp', plan.ports.tcp),
            accept('udp', plan.ports.udp),
            {
              label: 'icmp',
              action: 'ACCEPT',
              protocol: 'ICMP',
              ipv4: [everywhere[0]],
              ipv6: [everywhere[1]],
            },
          ],
        },
      },
      linode_instance: {
        box: {
          label: plan.name,
          type: ref('var.instance_type'),
          region: ref('var.region'),
          image: ref('var.image'),
          ipv4: [ref(ipv4)],
          firewall_id: ref('linode_firewall.box.id'),
          metadata: { user_data: ref('base64encode(local.user_data)') },
        },
      },
      linode_volume: {
        state: {
          label: stateLabel(plan),
          region: ref('var.region'),
          size: ref('var.volume_size'),
          linode_id: ref('linode_instance.box.id'),
          ...kept,
        },
      },
      linode_rdns: { ipv4: { count: onceNamed, address: ref(ipv4), rdns: plan.hostname } },
    },
    ipv4,
    ipv6: 'element(split("/", linode_instance.box.ipv6), 0)',
    device: `"/dev/disk/by-id/scsi-0Linode_Volume_${stateLabel(plan)}"`,
  }),
} as const satisfies Launch;

const ipv4 = 'linode_networking_ip.ipv4.address';

/** At most 32 characters, and no two dashes side by side. */
const stateLabel = ({ name }: LaunchPlan) => `${name.slice(0, 26).replace(/-$/, '')}-state`;

function accept(protocol: 'tcp' | 'udp', ports: readonly number[]) {
  return {
    label: protocol,
    action: 'ACCEPT',
    protocol: protocol.toUpperCase(),
    ports: ports.join(', '),
    ipv4: [everywhere[0]],
    ipv6: [everywhere[1]],
  };
}
