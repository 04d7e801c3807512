/** The OpenTofu module that launches a box at a cloud. As JSON, which OpenTofu and Terraform both read: nothing is quoted by hand. */
import { type Launch, type LaunchModule, ref } from '../../../clouds/launch-plan.ts';
import { dnsSteps } from './dns-steps.ts';

/** In the place of the state volume's path, which is known when the volume is made. As long as the longest of them, for the limit's sake. */
export const unknownDevice =
  '/dev/disk/by-id/the-state-volume-whose-path-the-module-fills-in-when-it-is-known';
/** In the place of the public address where the network translates it. An address of RFC 5737: nobody's. */
export const unknownIpv4 = '192.0.2.254';

export interface ModuleFiles {
  readonly 'main.tf.json': object;
  readonly 'variables.tf.json': object;
  readonly 'outputs.tf.json': object;
}

/** What the module fills into the user-data, and what it says of DNS. */
export interface Filling {
  readonly device: boolean;
  readonly ipv4: boolean;
  readonly hostname: string;
  /** Somebody else is the name server. */
  readonly external: boolean;
  /** GB of the state volume, where nobody says another size. */
  readonly volume: number;
}

export function tofuModule(
  { provider: { name, source, version }, image }: Pick<Launch, 'provider' | 'image'>,
  made: LaunchModule,
  { device, ipv4, hostname, external, volume }: Filling,
): ModuleFiles {
  const told = ipv4 && made.ipv4 !== undefined ? replaced(file, unknownIpv4, made.ipv4) : file;
  return {
    'main.tf.json': {
      // No provider block: a module that has one can't be called with count, for_each or depends_on.
      terraform: { required_version: '>= 1.6', required_providers: { [name]: { source, version } } },
      locals: { user_data: ref(`sensitive(${device ? replaced(told, unknownDevice, made.device) : told})`) },
      ...(made.data === undefined ? {} : { data: made.data }),
      resource: made.resources,
    },
    'variables.tf.json': {
      variable: {
        image: { type: 'string', description: `The image: ${image}.` },
        volume_size: { type: 'number', description: 'GB of the state volume.', default: volume },
        ...made.variables,
      },
    },
    'outputs.tf.json': { output: outputs(made, hostname, external) },
  };
}

const file = `file("${ref('path.module')}/user-data")`;
const replaced = (text: string, standIn: string, value: string) => `replace(${text}, "${standIn}", ${value})`;

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
