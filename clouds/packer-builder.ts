/** What a builder of Packer's is: its word, its options by Packer's own names and types, and what it reads from the environment. */

/** One option. Names and types are those of the builder in Packer 1.6.6, which newer ones still know. */
export type Option = {
  /** A sentence for the reference. */
  readonly about: string;
  /** Packer refuses to begin without it. */
  readonly required?: true;
} & (
  | { readonly type: 'string'; readonly example: string }
  | { readonly type: 'number'; readonly example: number }
  | { readonly type: 'bool'; readonly example: boolean }
  /** Of strings. */
  | { readonly type: 'list'; readonly example: readonly string[] }
  /** Of strings by names. */
  | { readonly type: 'map'; readonly example: Readonly<Record<string, string>> }
  /** Options of its own, once or any number of times. */
  | { readonly type: 'block' | 'blocks'; readonly options: Options }
);
export type Options = Readonly<Record<string, Option>>;

/** A secret, or who one is: it comes from the environment of whoever bakes and stands in no file. */
export interface Credential {
  readonly option: string;
  readonly env: string;
  /** Who reads the environment: the builder by itself, or the template by a variable that Packer keeps out of its log. */
  readonly readBy: 'builder' | 'variable';
}

/** What is made there: its name, and the size of the disk that is baked here. */
export interface Made {
  readonly image: string;
  readonly diskGiB: number;
}

export interface PackerBuilder {
  /** Packer's word for it. */
  readonly type: string;
  /** For Packer 1.7 and newer, which have it as a plugin. */
  readonly plugin: { readonly name: string; readonly source: string; readonly version: string };
  /**
   * What Debian's Packer 1.6.6 makes of a template with it. `validates`: all of it, without a network. `dials`: it wants to log
   * in first, so only the syntax is checked. `lacks`: it has no such builder.
   */
  readonly debian: 'validates' | 'dials' | 'lacks';
  /** What a config may say. */
  readonly options: Options;
  /** Of each of these at least one. */
  readonly oneOf?: readonly (readonly string[])[];
  /** Options that say what to begin with: a config that has one of them is not given the release's base. */
  readonly baseOptions: readonly string[];
  /** What is said where the config says nothing else. */
  readonly defaults: (made: Made) => Readonly<Record<string, unknown>>;
  /** Any of these sets is enough. */
  readonly credentials: readonly (readonly Credential[])[];
  /** What is laid there: the steps of the bake in a machine of the vendor's base, or the disk that was baked here. */
  readonly lays: 'steps' | 'disk';
}

type Extra = { readonly required?: true };
export const required: Extra = { required: true };

export const text = (about: string, example: string, extra: Extra = {}): Option => ({
  type: 'string',
  about,
  example,
  ...extra,
});
export const number = (about: string, example: number, extra: Extra = {}): Option => ({
  type: 'number',
  about,
  example,
  ...extra,
});
export const bool = (about: string, extra: Extra = {}): Option => ({
  type: 'bool',
  about,
  example: true,
  ...extra,
});
export const list = (about: string, example: readonly string[], extra: Extra = {}): Option => ({
  type: 'list',
  about,
  example,
  ...extra,
});
export const map = (about: string, example: Readonly<Record<string, string>>): Option => ({
  type: 'map',
  about,
  example,
});
export const block = (about: string, options: Options): Option => ({ type: 'block', about, options });
export const blocks = (about: string, options: Options, extra: Extra = {}): Option => ({
  type: 'blocks',
  about,
  options,
  ...extra,
});

/** What every builder that logs in by ssh knows. */
export const sshOptions: Options = {
  ssh_username: text('Who logs in while it bakes, where the base has another user.', 'admin'),
  ssh_private_key_file: text(
    'With which key, where Packer can make none for it: a path.',
    '~/.ssh/id_ed25519',
  ),
};

/** Credentials that the builder itself finds in the environment, all of them needed. */
export const fromEnvironment = (names: Readonly<Record<string, string>>): readonly Credential[] =>
  Object.entries(names).map(([option, env]) => ({ option, env, readBy: 'builder' }));

/** Those that the template has to fetch for it. */
export const byVariable = (names: Readonly<Record<string, string>>): readonly Credential[] =>
  Object.entries(names).map(([option, env]) => ({ option, env, readBy: 'variable' }));
