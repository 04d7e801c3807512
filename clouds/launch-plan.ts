/** What is launched, and what a cloud makes of it: the body of an OpenTofu module, as objects. */

/** How large a box is, where its cloud has no types of machines that say it. */
export interface Size {
  /** GiB of the state volume: that counts everywhere. */
  readonly volume: number;
  readonly cpus: number;
  /** MiB. */
  readonly memory: number;
}

export const usualSize: Size = { volume: 20, cpus: 2, memory: 2048 };

/** One box, told to the cloud that is to run it. */
export interface LaunchPlan {
  /** What is made there is called so: the config's name, or in a fleet the box's. */
  readonly name: string;
  /** The image's own name, which several boxes may have in common. */
  readonly image: string;
  readonly hostname: string;
  readonly size: Size;
  /** What the world may reach, ssh among it. */
  readonly ports: { readonly tcp: readonly number[]; readonly udp: readonly number[] };
  /** Of the image. */
  readonly diskGiB: number;
  /** The config's section for the cloud. Its words become defaults of variables, never part of an expression. */
  readonly section: Readonly<Record<string, unknown>>;
  /** Who may log in to the box. */
  readonly sshKeys: readonly string[];
}

export interface Variable {
  readonly type: 'string' | 'number' | 'bool' | 'list(string)';
  readonly description: string;
  readonly default?: unknown;
}

/** Arguments of a resource by the provider's names. */
export type Body = Readonly<Record<string, unknown>>;
/** By the resource's type, then by its name in the module. */
export type Resources = Readonly<Record<string, Readonly<Record<string, Body>>>>;

/** All strings in `resources` and `data` are templates of HCL's: `${...}` is an expression. */
export interface LaunchModule {
  /** Beside `image` and `volume_size`, which each module has. */
  readonly variables: Readonly<Record<string, Variable>>;
  readonly resources: Resources;
  readonly data?: Resources;
  /** Expressions; without one the module can't know the address. */
  readonly ipv4?: string;
  /** The network translates the address, and the box's own is another: it is told which. */
  readonly translated?: true;
  readonly ipv6?: string;
  /** The state volume as the box's kernel calls it: an expression. */
  readonly device: string;
}

export interface Launch {
  readonly provider: { readonly name: string; readonly source: string; readonly version: string };
  /** Where the log-in comes from: a clause, after "Who you are there: ". */
  readonly login: string;
  /** A test runs the README's commands, by a reader of its own, against a stand-in for the API. */
  readonly walked?: true;
  /** Processors and memory are as one says: there are no types of machines. */
  readonly freeSize?: true;
  /** What the variable `image` is: a clause, e.g. `the ID of the snapshot`. */
  readonly image: string;
  /** What somebody has to know or do beside it. */
  readonly notes: readonly string[];
  readonly module: (plan: LaunchPlan) => LaunchModule;
}

/** Where an engine of the cluster's own launches it: no module, but objects that it is told. */
export interface Manifests {
  /** What somebody has to know or do beside it. */
  readonly notes: readonly string[];
  /** The state volume as the box's kernel calls it. */
  readonly device: string;
  readonly manifests: (plan: LaunchPlan) => readonly object[];
  readonly secret: (plan: LaunchPlan, userData: string) => object;
}

/** What must outlive a server: OpenTofu refuses to destroy it. */
export const kept = { lifecycle: { prevent_destroy: true } } as const;

export const everywhere = ['0.0.0.0/0', '::/0'] as const;

/** An argument that OpenTofu is to work out. */
export const ref = (expression: string): string => `\${${expression}}`;

/** The user-data, its device filled in. The text itself is in no file but `user-data`. */
export const userData = ref('local.user_data');

/** A variable that begins with what the config's section says. */
export function said({ section }: LaunchPlan, option: string, description: string): Variable {
  const value = section[option];
  return { type: 'string', description, ...(typeof value === 'string' ? { default: value } : {}) };
}

/** The same of a number, as Packer's sections have some. `usual`: what it is without. */
export function saidNumber(
  { section }: LaunchPlan,
  option: string,
  description: string,
  usual: number,
): Variable {
  const value = section[option];
  return { type: 'number', description, default: typeof value === 'number' ? value : usual };
}

/** Where a provider refuses a reverse name that doesn't lead to the address yet: for `count`, `onceNamed`. */
export const reverseName = {
  reverse_name: {
    type: 'bool',
    description: 'Sets the reverse name. True once the name leads to the address: the provider looks.',
    default: false,
  },
} as const;
export const onceNamed = ref('var.reverse_name ? 1 : 0');

export const attachedLater =
  'The volume is attached just after the server starts, and a box waits five minutes for it: one that waits closed because of that wants a restart.';
export const reverseLater =
  'When the name leads to the address: `-var reverse_name=true` sets the reverse name.';

/** Each public port once, with its protocol. */
export function rules({ ports }: LaunchPlan): readonly { protocol: 'tcp' | 'udp'; port: number }[] {
  return (['tcp', 'udp'] as const).flatMap((protocol) => ports[protocol].map((port) => ({ protocol, port })));
}
