/** A box at Amazon EC2. Its network card stays with both its addresses; the instance on it is replaced. */
import {
  attachedLater,
  type Body,
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

export const ec2Launch = {
  provider: { name: 'aws', source: 'hashicorp/aws', version: '~> 6.0' },
  login:
    '`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or `AWS_PROFILE`, and `AWS_REGION` in the environment',
  image: 'the ID of the AMI',
  notes: [
    attachedLater,
    reverseLater,
    'The subnet must have IPv6. The path of the volume is that of NVMe, as all newer types have it.',
  ],
  module: (plan) => ({
    variables: {
      instance_type: said(plan, 'instance_type', 'Type of the instance.'),
      subnet_id: said(plan, 'subnet_id', 'A public subnet with IPv6; its zone has the volume.'),
      ...reverseName,
    },
    data: { aws_subnet: { box: { id: ref('var.subnet_id') } } },
    resources: {
      aws_eip: { ipv4: { domain: 'vpc', tags: { Name: plan.name }, ...kept } },
      aws_network_interface: {
        address: {
          subnet_id: ref('var.subnet_id'),
          security_groups: [ref('aws_security_group.box.id')],
          ipv6_address_count: 1,
          tags: { Name: plan.name },
          ...kept,
        },
      },
      aws_eip_association: {
        ipv4: {
          allocation_id: ref('aws_eip.ipv4.id'),
          network_interface_id: ref('aws_network_interface.address.id'),
        },
      },
      aws_ebs_volume: {
        state: {
          availability_zone: ref('data.aws_subnet.box.availability_zone'),
          size: ref('var.volume_size'),
          type: 'gp3',
          encrypted: true,
          tags: { Name: `${plan.name}-state` },
          ...kept,
        },
      },
      aws_security_group: {
        box: {
          name: plan.name,
          description: `What ${plan.hostname} serves.`,
          vpc_id: ref('data.aws_subnet.box.vpc_id'),
        },
      },
      aws_vpc_security_group_ingress_rule: Object.assign(
        {},
        ...rules(plan).map(({ protocol, port }) =>
          eachNetwork(`${protocol}_${port}`, { ip_protocol: protocol, from_port: port, to_port: port }),
        ),
        {
          icmp_ipv4: { ...group, cidr_ipv4: '0.0.0.0/0', ip_protocol: 'icmp', from_port: -1, to_port: -1 },
          icmp_ipv6: { ...group, cidr_ipv6: '::/0', ip_protocol: 'icmpv6', from_port: -1, to_port: -1 },
        },
      ) as Record<string, Body>,
      aws_vpc_security_group_egress_rule: eachNetwork('all', { ip_protocol: '-1' }),
      aws_instance: {
        box: {
          ami: ref('var.image'),
          instance_type: ref('var.instance_type'),
          network_interface: {
            device_index: 0,
            network_interface_id: ref('aws_network_interface.address.id'),
          },
          user_data: userData,
          // A changed text would else be read by nobody: cloud-init asks at the first start of an instance.
          user_data_replace_on_change: true,
          tags: { Name: plan.hostname },
        },
      },
      aws_volume_attachment: {
        state: {
          device_name: '/dev/sdf',
          volume_id: ref('aws_ebs_volume.state.id'),
          instance_id: ref('aws_instance.box.id'),
          stop_instance_before_detaching: true,
        },
      },
      aws_eip_domain_name: {
        ipv4: { count: onceNamed, allocation_id: ref('aws_eip.ipv4.id'), domain_name: plan.hostname },
      },
    },
    ipv4: 'aws_eip.ipv4.public_ip',
    ipv6: 'one(aws_network_interface.address.ipv6_addresses)',
    translated: true,
    device:
      'format("/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_%s", replace(aws_ebs_volume.state.id, "-", ""))',
  }),
} as const satisfies Launch;

const group = { security_group_id: ref('aws_security_group.box.id') } as const;

function eachNetwork(name: string, rule: Body): Record<string, Body> {
  return {
    [`${name}_ipv4`]: { ...group, cidr_ipv4: '0.0.0.0/0', ...rule },
    [`${name}_ipv6`]: { ...group, cidr_ipv6: '::/0', ...rule },
  };
}
