/** A box on a host of one's own, by libvirt. All disks are virtio: a SATA drive is one that the cloud kernel may not see. */
import { kept, type Launch, ref, userData } from '../launch-plan.ts';

export const qemuLaunch = {
  provider: { name: 'libvirt', source: 'dmacvicar/libvirt', version: '~> 0.9.7' },
  login: "libvirt's own, `LIBVIRT_DEFAULT_URI` or a provider block of yours beside the module with `uri`",
  freeSize: true,
  image: 'the path or the URL of the qcow2 file',
  notes: [
    'There is no firewall and no reverse name in it: the box has its own fence, and whoever gave you the address names it.',
    'A changed image is a new volume, so the machine is stopped for it.',
  ],
  module: (plan) => ({
    variables: {
      pool: { type: 'string', description: 'The storage pool of its disks.', default: 'default' },
      bridge: { type: 'string', description: 'The bridge of the host that the box is on.' },
      memory: { type: 'number', description: 'MiB of its memory.', default: plan.size.memory },
      cpus: { type: 'number', description: 'Its processors.', default: plan.size.cpus },
    },
    resources: {
      libvirt_volume: {
        root: {
          name: `${plan.name}.qcow2`,
          pool: ref('var.pool'),
          target: { format: { type: 'qcow2' } },
          create: { content: { url: ref('var.image') } },
        },
        state: {
          name: `${plan.name}-state.qcow2`,
          pool: ref('var.pool'),
          capacity: ref('var.volume_size * 1000000000'),
          target: { format: { type: 'qcow2' } },
          ...kept,
        },
        seed: {
          name: `${plan.name}-seed.iso`,
          pool: ref('var.pool'),
          target: { format: { type: 'raw' } },
          create: { content: { url: ref('libvirt_cloudinit_disk.seed.path') } },
        },
      },
      libvirt_cloudinit_disk: {
        seed: {
          name: `${plan.name}-seed`,
          user_data: userData,
          // Changed user-data is a new instance to cloud-init, which then reads it.
          meta_data: ref(
            `format("instance-id: letterbox-%s\\nlocal-hostname: ${plan.hostname}\\n", substr(sha256(local.user_data), 0, 12))`,
          ),
        },
      },
      libvirt_domain: {
        box: {
          name: plan.name,
          type: 'kvm',
          memory: ref('var.memory'),
          memory_unit: 'MiB',
          vcpu: ref('var.cpus'),
          autostart: true,
          running: true,
          os: { type: 'hvm', type_arch: 'x86_64', type_machine: 'q35', boot_devices: ['hd'] },
          devices: {
            disks: [disk('root', 'vda', 'qcow2'), disk('state', 'vdb', 'qcow2'), disk('seed', 'vdc', 'raw')],
            interfaces: [{ model: { type: 'virtio' }, source: { bridge: { bridge: ref('var.bridge') } } }],
            consoles: [{ target: { type: 'serial', port: 0 } }],
          },
        },
      },
    },
    device: '"/dev/vdb"',
  }),
} as const satisfies Launch;

function disk(name: 'root' | 'state' | 'seed', dev: string, format: string) {
  return {
    source: { volume: { pool: ref('var.pool'), volume: ref(`libvirt_volume.${name}.name`) } },
    target: { dev, bus: 'virtio' },
    driver: { name: 'qemu', type: format },
  };
}
