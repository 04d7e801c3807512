/**
 * What `tofu apply` does with a module: what is new is made in the order in which one needs the other, what can't be changed where it is
 * is destroyed and made anew, and `prevent_destroy` refuses that before anything is asked of the provider.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { evaluate, namesIn, type Scope, unknown } from './expression.ts';
import { type Body, type Module, readModule, valuesOf } from './module.ts';

export type Values = Readonly<Record<string, unknown>>;

/** How a provider makes one kind of resource, and what of it can't be changed afterwards. */
export interface Kind {
  readonly create: (values: Values) => Promise<Values>;
  readonly destroy: (attributes: Values) => Promise<void>;
  readonly replacedBy: readonly string[];
}

interface Made {
  readonly values: Values;
  readonly attributes: Values;
}

/** By `hcloud_server.box`. */
export type State = Map<string, Made>;

/** Changes the state, and gives the outputs. */
export async function apply(
  folder: string,
  said: Readonly<Record<string, string>>,
  state: State,
  kinds: Readonly<Record<string, Kind>>,
): Promise<Values> {
  const module = readModule(folder);
  const variables = valuesOf(module, said);
  const order = inOrder(module);
  const scope = scopeOf(folder, module, variables, state);

  // The plan: what is not there yet is unknown to what needs it.
  const anew = new Set<string>();
  const planned = scopeOf(folder, module, variables, state, anew);
  for (const address of order) {
    const made = state.get(address);
    if (made !== undefined && isDeepStrictEqual(made.values, argumentsOf(module, address, planned))) continue;
    if (made !== undefined) mayBeReplaced(module, address, made.values, planned, kindOf(kinds, address));
    anew.add(address);
  }
  for (const address of [...order].reverse().filter((one) => anew.has(one) && state.has(one))) {
    await kindOf(kinds, address).destroy({
      ...state.get(address)?.values,
      ...state.get(address)?.attributes,
    });
    state.delete(address);
  }
  for (const address of order.filter((one) => anew.has(one))) {
    const values = argumentsOf(module, address, scope);
    state.set(address, { values, attributes: await kindOf(kinds, address).create(values) });
  }
  return Object.fromEntries(
    Object.entries(module.outputs).map(([name, { value }]) => [name, evaluate(value, scope)]),
  );
}

/** What `tofu destroy` stops at. */
export function heldIn(folder: string): string[] {
  const all = [...readModule(folder).resources];
  return all.flatMap(([address, { lifecycle }]) => (lifecycle?.prevent_destroy === true ? [address] : []));
}

function mayBeReplaced(module: Module, address: string, before: Values, planned: Scope, kind: Kind): void {
  const after = argumentsOf(module, address, planned);
  const changed = Object.keys({ ...before, ...after }).filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
  const other = changed.filter((key) => !kind.replacedBy.includes(key));
  if (other.length > 0) throw new Error(`${address} would be changed in its ${other.join(', ')}`);
  refuseIfKept(address, module.resources.get(address) ?? {});
}

function refuseIfKept(address: string, { lifecycle }: Body): void {
  if (lifecycle?.prevent_destroy === true) throw new Error(`Instance cannot be destroyed: ${address}`);
}

function kindOf(kinds: Readonly<Record<string, Kind>>, address: string): Kind {
  const kind = kinds[address.split('.')[0] ?? ''];
  if (kind === undefined) throw new Error(`the provider has no ${address}`);
  return kind;
}

function argumentsOf({ resources }: Module, address: string, scope: Scope): Values {
  const { lifecycle: _, ...body } = resources.get(address) ?? {};
  return evaluate(body, scope) as Values;
}

function scopeOf(
  folder: string,
  module: Module,
  variables: Values,
  state: State,
  anew: ReadonlySet<string> = new Set(),
): Scope {
  const scope: Scope = {
    file: (name) => readFileSync(path.resolve(folder, name), 'utf8'),
    look: ([kind = '', name = '', attribute = '', ...more]) => {
      if (kind === 'path' && name === 'module') return '.';
      if (kind === 'var') return variables[name];
      if (kind === 'local') return name in module.locals ? evaluate(module.locals[name], scope) : undefined;
      const address = `${kind}.${name}`;
      if (anew.has(address)) return unknown;
      const made = state.get(address);
      return more.length > 0 ? undefined : (made?.attributes[attribute] ?? made?.values[attribute]);
    },
  };
  return scope;
}

/** Each after all that it needs. @throws where one needs itself, or what the module has not */
function inOrder(module: Module): string[] {
  const order: string[] = [];
  const visit = (address: string, above: readonly string[]): void => {
    if (order.includes(address)) return;
    if (above.includes(address)) throw new Error(`Cycle: ${[...above, address].join(', ')}`);
    const { lifecycle: _, ...body } = module.resources.get(address) ?? {};
    for (const needed of neededBy(body, module)) {
      if (!module.resources.has(needed)) throw new Error(`${address} names ${needed}, which is not declared`);
      visit(needed, [...above, address]);
    }
    order.push(address);
  };
  for (const address of module.resources.keys()) visit(address, []);
  return order;
}

function neededBy(value: unknown, module: Module): string[] {
  return namesIn(value).flatMap(([kind = '', name = '']) => {
    if (kind === 'path' || kind === 'var') return [];
    return kind === 'local' ? neededBy(module.locals[name], module) : [`${kind}.${name}`];
  });
}
