/** A box at Oracle Cloud, in a subnet that is there already. */
import { attachedLater, type Body, kept, type Launch, ref, rules, said, saidNumber } from '../launch-plan.ts';

export const oracleLaunch = {
  provider: { name: 'oci', source: 'oracle/oci', version: '~> 7.0' },
  login: '`~/.oci/config`, as the `oci` program writes it',
  image: 'the OCID of the image',
  notes: [
    attachedLater,
    'The reserved address is known after the instance, so write it into `box.publicIpv4`, run `letterbox launch` again and apply: the box must know the name of its own address.',
    'A reverse name is asked for by a service request. IPv6 is as the subnet has it.',
  ],
  module: (plan) => ({
    variables: {
      compartment_ocid: said(plan, 'compartment_ocid', 'The compartment that has all of it.'),
      availability_domain: said(plan, 'availability_domain', 'Where the instance and its volume are.'),
      subnet_ocid: said(plan, 'subnet_ocid', 'A public subnet.'),
      shape: said(plan, 'shape', 'Shape of the instance, a flexible one.'),
      ocpus: saidNumber(plan, 'ocpus', 'Its processors.', 1),
      memory_in_gbs: saidNumber(plan, 'memory_in_gbs', 'GB of its memory.', 4),
    },
    data: {
      oci_core_subnet: { box: { subnet_id: ref('var.subnet_ocid') } },
      oci_core_vnic_attachments: {
        box: { compartment_id: compartment, instance_id: ref('oci_core_instance.box.id') },
      },
      oci_core_private_ips: {
        box: { vnic_id: ref('data.oci_core_vnic_attachments.box.vnic_attachments[0].vnic_id') },
      },
    },
    resources: {
      oci_core_volume: {
        state: {
          display_name: `${plan.name}-state`,
          compartment_id: compartment,
          availability_domain: domain,
          size_in_gbs: ref('max(50, var.volume_size)'),
          ...kept,
        },
      },
      oci_core_network_security_group: {
        box: {
          display_name: plan.name,
          compartment_id: compartment,
          vcn_id: ref('data.oci_core_subnet.box.vcn_id'),
        },
      },
      oci_core_network_security_group_security_rule: Object.assign(
        {},
        ...rules(plan).map(({ protocol, port }) => ({
          [`${protocol}_${port}`]: {
            network_security_group_id: ref('oci_core_network_security_group.box.id'),
            direction: 'INGRESS',
            // Protocols by IANA's numbers.
            protocol: protocol === 'tcp' ? '6' : '17',
            source: '0.0.0.0/0',
            source_type: 'CIDR_BLOCK',
            [`${protocol}_options`]: { destination_port_range: { min: port, max: port } },
          },
        })),
      ) as Record<string, Body>,
      oci_core_instance: {
        box: {
          display_name: plan.hostname,
          compartment_id: compartment,
          availability_domain: domain,
          shape: ref('var.shape'),
          shape_config: { ocpus: ref('var.ocpus'), memory_in_gbs: ref('var.memory_in_gbs') },
          source_details: { source_type: 'image', source_id: ref('var.image') },
          create_vnic_details: {
            subnet_id: ref('var.subnet_ocid'),
            // The reserved one comes in its place.
            assign_public_ip: 'false',
            nsg_ids: [ref('oci_core_network_security_group.box.id')],
          },
          metadata: { user_data: ref('base64encode(local.user_data)') },
        },
      },
      oci_core_volume_attachment: {
        state: {
          attachment_type: 'paravirtualized',
          instance_id: ref('oci_core_instance.box.id'),
          volume_id: ref('oci_core_volume.state.id'),
        },
      },
      oci_core_public_ip: {
        ipv4: {
          display_name: plan.name,
          compartment_id: compartment,
          lifetime: 'RESERVED',
          private_ip_id: ref('data.oci_core_private_ips.box.private_ips[0].id'),
          ...kept,
        },
      },
    },
    ipv4: 'oci_core_public_ip.ipv4.ip_address',
    device: '"/dev/sdb"',
  }),
} as const satisfies Launch;

const compartment = ref('var.compartment_ocid');
const domain = ref('var.availability_domain');
