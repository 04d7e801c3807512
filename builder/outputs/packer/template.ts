/** What a Packer template is here: one source and one build, as typed data in HCL2's JSON form (Packer 1.6 and newer). */

export interface PackerTemplate {
  readonly variable: Readonly<Record<string, Variable>>;
  /** By the builder's type, then by the name `box`. */
  readonly source: Readonly<Record<string, { readonly box: Readonly<Record<string, unknown>> }>>;
  readonly build: readonly [
    {
      readonly sources: readonly string[];
      readonly provisioner: readonly Readonly<Record<string, unknown>>[];
    },
  ];
}

interface Variable {
  readonly type: 'string';
  readonly default?: string;
  /** Kept out of Packer's log. */
  readonly sensitive?: true;
}

/** What differs from machine to machine is a variable, so that the template depends on the plan alone. */
export function variables(names: readonly string[]): Readonly<Record<string, Variable>> {
  return Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
}

/** Variables as Packer's command line wants them. */
export function packerFlags(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `-var=${name}=${value}`);
}

export interface PackerPlugin {
  readonly name: string;
  readonly source: string;
  readonly version: string;
}

/** What Packer 1.7 and newer want declared and 1.6 refuses: it goes into a file of its own. */
export function packerPlugins({ name, source, version }: PackerPlugin): object {
  return { packer: { required_plugins: { [name]: { version, source } } } };
}
