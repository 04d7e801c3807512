/** A folder as OpenTofu reads it: each `*.tf.json` in it, put together ("JSON Configuration Syntax"); other files lie there for `file`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface Variable {
  readonly type: string;
  readonly default?: unknown;
}

export interface Body {
  readonly [argument: string]: unknown;
  readonly lifecycle?: { readonly prevent_destroy?: boolean };
}

export interface Module {
  readonly providers: readonly string[];
  readonly variables: Readonly<Record<string, Variable>>;
  readonly locals: Readonly<Record<string, unknown>>;
  /** By `hcloud_server.box`. */
  readonly resources: ReadonlyMap<string, Body>;
  readonly outputs: Readonly<Record<string, { readonly value: unknown }>>;
}

type Section = Readonly<Record<string, unknown>>;
const known = ['terraform', 'variable', 'locals', 'resource', 'output'];

export function readModule(folder: string): Module {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf.json'));
  const parts = files.map((name) => JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Section);
  for (const key of parts.flatMap(Object.keys))
    if (!known.includes(key)) throw new Error(`nobody reads the block ${key} here`);
  const all = (key: string): Section => Object.assign({}, ...parts.map((part) => part[key] ?? {})) as Section;
  const resources = Object.entries(all('resource')).flatMap(([type, named]) =>
    Object.entries(named as Section).map(([name, body]) => [`${type}.${name}`, body as Body] as const),
  );
  return {
    providers: Object.keys((all('terraform').required_providers ?? {}) as Section),
    variables: all('variable') as Module['variables'],
    locals: all('locals'),
    resources: new Map(resources),
    outputs: all('output') as Module['outputs'],
  };
}

/** What `-var` says, converted as the type wants it, and the defaults. @throws where one is neither said nor has a default */
export function valuesOf({ variables }: Module, said: Readonly<Record<string, string>>): Section {
  for (const name of Object.keys(said))
    if (!(name in variables)) throw new Error(`there is no variable ${name}`);
  return Object.fromEntries(
    Object.entries(variables).map(([name, { type, default: usual }]) => {
      const value = said[name] ?? usual;
      if (value === undefined) throw new Error(`No value for required variable ${name}`);
      return [name, type === 'number' ? Number(value) : value];
    }),
  );
}
