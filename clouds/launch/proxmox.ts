/** A box on Proxmox VE. A disk lives and dies with its machine there, so the state lies in a machine of its own that never starts. */
import { kept, type Launch, ref, said, saidNumber, userData } from '../launch-plan.ts';

export const proxmoxLaunch = {
  provider: { name: 'proxmox', source: 'bpg/proxmox', version: '~> 0.111' },
  login:
    '`PROXMOX_VE_ENDPOINT` and `PROXMOX_VE_API_TOKEN` in the environment, and ssh to the node for the user-data (`PROXMOX_VE_SSH_USERNAME`)',
  freeSize: true,
  image: 'the file ID of the image that was imported, `local:import/mail.qcow2`',
  notes: [
    'There is no firewall and no reverse name in it: the box has its own fence, and whoever gave you the address names it.',
    'That a machine uses the disk of another is called experimental by the provider.',
  ],
  module: (plan) => ({
    variables: {
      node: said(plan, 'node', 'The node that runs it.'),
      cores: saidNumber(plan, 'cores', 'Its processors.', plan.size.cpus),
      memory: saidNumber(plan, 'memory', 'MiB of its memory.', plan.size.memory),
      datastore: { type: 'string', description: 'Where its disks are.', default: 'local-lvm' },
      snippets: {
        type: 'string',
        description: 'Where its user-data is: a datastore with snippets enabled.',
        default: 'local',
      },
      bridge: { type: 'string', description: 'The bridge that it is on.', default: 'vmbr0' },
      ipv4_address: { type: 'string', description: 'Its address and prefix, or dhcp.', default: 'dhcp' },
      ipv4_gateway: { type: 'string', description: 'Its router. None with dhcp.', default: null },
      ipv6_address: { type: 'string', description: 'Its address and prefix, or auto.', default: 'auto' },
      ipv6_gateway: { type: 'string', description: 'Its router. None with auto.', default: null },
    },
    resources: {
      proxmox_virtual_environment_file: {
        user_data: {
          content_type: 'snippets',
          datastore_id: ref('var.snippets'),
          node_name: ref('var.node'),
          source_raw: { file_name: `${plan.name}-user-data.yaml`, data: userData },
        },
      },
      proxmox_virtual_environment_vm: {
        state: {
          name: `${plan.name}-state`,
          description: `Holds the mail of ${plan.hostname}. Never started.`,
          node_name: ref('var.node'),
          started: false,
          on_boot: false,
          disk: {
            datastore_id: ref('var.datastore'),
            interface: 'scsi0',
            file_format: 'raw',
            size: ref('var.volume_size'),
          },
          ...kept,
        },
        box: {
          name: plan.name,
          node_name: ref('var.node'),
          // Without agent: Proxmox shuts it down by ACPI.
          stop_on_destroy: false,
          cpu: { cores: ref('var.cores'), type: 'x86-64-v2-AES' },
          memory: { dedicated: ref('var.memory') },
          scsi_hardware: 'virtio-scsi-pci',
          operating_system: { type: 'l26' },
          serial_device: {},
          network_device: { bridge: ref('var.bridge'), model: 'virtio' },
          disk: [
            {
              datastore_id: ref('var.datastore'),
              interface: 'scsi0',
              import_from: ref('var.image'),
              size: plan.diskGiB,
            },
            {
              datastore_id: ref(`${state}.datastore_id`),
              path_in_datastore: ref(`${state}.path_in_datastore`),
              file_format: ref(`${state}.file_format`),
              size: ref(`${state}.size`),
              interface: 'scsi1',
            },
          ],
          // virtio-scsi: a SATA or IDE drive is one that the cloud kernel may not see.
          initialization: {
            datastore_id: ref('var.datastore'),
            interface: 'scsi2',
            user_data_file_id: ref('proxmox_virtual_environment_file.user_data.id'),
            ip_config: {
              ipv4: { address: ref('var.ipv4_address'), gateway: ref('var.ipv4_gateway') },
              ipv6: { address: ref('var.ipv6_address'), gateway: ref('var.ipv6_gateway') },
            },
          },
        },
      },
    },
    device: '"/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_drive-scsi1"',
  }),
} as const satisfies Launch;

const state = 'proxmox_virtual_environment_vm.state.disk[0]';
