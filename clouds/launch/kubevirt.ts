/** A box under KubeVirt: what a cluster's engine schedules, moves and starts again. All disks are virtio; a `cdrom` there is a SATA drive. */
import { createHash } from 'node:crypto';
import type { LaunchPlan, Manifests } from '../launch-plan.ts';

export const kubevirtManifests = {
  notes: [
    'Pods have private addresses, so `box.publicIpv4` must be the one of the Services; both must have the same, by the word that your load balancer has for it.',
    'Addresses of clients are seen because `externalTrafficPolicy` is Local: greylisting, SPF and bans need them.',
  ],
  device: '/dev/disk/by-id/virtio-state',
  manifests: (plan) => [state(plan), machine(plan), service(plan, 'tcp'), service(plan, 'udp')],
  secret: ({ name }, text) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${name}-user-data` },
    type: 'Opaque',
    stringData: { userdata: text },
  }),
} as const satisfies Manifests;

/** By itself, so that it outlives the machine. */
function state({ name, size }: LaunchPlan) {
  return {
    apiVersion: 'cdi.kubevirt.io/v1beta1',
    kind: 'DataVolume',
    metadata: { name: `${name}-state` },
    spec: { source: { blank: {} }, storage: { resources: { requests: { storage: `${size.volume}Gi` } } } },
  };
}

function machine(plan: LaunchPlan) {
  const root = `${plan.name}-root-1`;
  return {
    apiVersion: 'kubevirt.io/v1',
    kind: 'VirtualMachine',
    metadata: { name: plan.name, labels: labels(plan) },
    spec: {
      runStrategy: 'Always',
      // The machine waits for the import to be done.
      dataVolumeTemplates: [
        {
          metadata: { name: root },
          spec: {
            source: {
              http: {
                url: `https://images.example.net/${plan.image}.qcow2`,
                checksum: `sha256:${'0'.repeat(64)}`,
              },
            },
            storage: { resources: { requests: { storage: `${plan.diskGiB}Gi` } } },
          },
        },
      ],
      template: {
        metadata: { labels: labels(plan) },
        spec: {
          domain: {
            cpu: { cores: plan.size.cpus },
            memory: { guest: `${plan.size.memory}Mi` },
            // The same machine to the guest, wherever it runs.
            firmware: { uuid: uuidOf(plan.hostname) },
            devices: {
              rng: {},
              disks: [
                { name: 'root', bootOrder: 1, disk: { bus: 'virtio' } },
                { name: 'state', serial: 'state', disk: { bus: 'virtio' } },
                { name: 'seed', disk: { bus: 'virtio' } },
              ],
              interfaces: [{ name: 'default', masquerade: {} }],
            },
          },
          networks: [{ name: 'default', pod: {} }],
          volumes: [
            { name: 'root', dataVolume: { name: root } },
            { name: 'state', dataVolume: { name: `${plan.name}-state` } },
            { name: 'seed', cloudInitNoCloud: { secretRef: { name: `${plan.name}-user-data` } } },
          ],
        },
      },
    },
  };
}

/** One for each protocol: not every cluster has both in one. */
function service(plan: LaunchPlan, protocol: 'tcp' | 'udp') {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `${plan.name}-${protocol}` },
    spec: {
      type: 'LoadBalancer',
      externalTrafficPolicy: 'Local',
      ipFamilyPolicy: 'PreferDualStack',
      selector: labels(plan),
      ports: plan.ports[protocol].map((port) => ({
        name: `${protocol}-${port}`,
        protocol: protocol.toUpperCase(),
        port,
        targetPort: port,
      })),
    },
  };
}

const labels = ({ name }: LaunchPlan) => ({ 'letterbox/box': name });

/** Made of the name, so that a second run writes the same: version 8, RFC 9562. */
function uuidOf(hostname: string): string {
  const hex = createHash('sha256').update(hostname).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
