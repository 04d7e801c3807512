/** The OpenTofu module that launches a box at a cloud. As JSON, which OpenTofu and Terraform both read: nothing is quoted by hand. */
import { type Launch, type LaunchModule, type LaunchPlan, ref } from '../../../clouds/launch-plan.ts';
import { dnsSteps } from './dns-steps.ts';

/** In the place of the state volume's path, which is known when the volume is made. As long as the longest of them, for the limit's sake. */
export const unknownDevice =
  '/dev/disk/by-id/the-state-volume-whose-path-the-module-fills-in-when-it-is-known';

export interface ModuleFiles {
  readonly 'main.tf.json': object;
  readonly 'variables.tf.json': object;
  readonly 'outputs.tf.json': object;
}

/** `ownDevice`: the config says what the state volume is called. `external`: somebody else is the name server. */
export function tofuModule(
  launch: Launch,
  plan: LaunchPlan,
  { ownDevice, external }: { readonly ownDevice: boolean; readonly external: boolean },
): ModuleFiles {
  const made = launch.module(plan);
  const { name, source, version } = launch.provider;
  return {
    'main.tf.json': {
      // No provider block: a module that has one can't be called with count, for_each or depends_on.
      terraform: { required_version: '>= 1.6', required_providers: { [name]: { source, version } } },
      locals: { user_data: ref(`sensitive(${ownDevice ? text : filled(made.device)})`) },
      ...(made.data === undefined ? {} : { data: made.data }),
      resource: made.resources,
    },
    'variables.tf.json': {
      variable: {
        image: { type: 'string', description: `The image: ${launch.image}.` },
        volume_size: { type: 'number', description: 'GB of the state volume.', default: 20 },
        ...made.variables,
      },
    },
    'outputs.tf.json': { output: outputs(made, plan.hostname, external) },
  };
}

const text = `file("${ref('path.module')}/user-data")`;
const filled = (device: string) => `replace(${text}, "${unknownDevice}", ${device})`;

function outputs({ ipv4, ipv6 }: LaunchModule, hostname: string, external: boolean): object {
  return {
    ...(ipv4 === undefined ? {} : { ipv4: { value: ref(ipv4), description: "The box's IPv4 address." } }),
    ...(ipv6 === undefined ? {} : { ipv6: { value: ref(ipv6), description: "The box's IPv6 address." } }),
    dns_steps: {
      value: dnsSteps(
        hostname,
        [ipv4, ipv6].flatMap((expression) => (expression === undefined ? [] : [ref(expression)])),
        external,
      ),
      description: 'What to do at the registrar, in this order.',
    },
  };
}
