/** Where in a PHP file something stands, and what the file asks for before it uses it. */

/** A node as the parser gives it; what each kind has more, its reader knows. */
export interface Tree {
  readonly kind: string;
  readonly loc?: { readonly start: { readonly line: number } } | null;
  readonly [key: string]: unknown;
}

export interface Place {
  readonly node: Tree;
  /** From the nearest on, with the key under which the way down goes. */
  readonly parents: readonly { readonly node: Tree; readonly key: string }[];
}

/** The first argument of a call of such a function. */
export function isSubject({ node, parents }: Place, name: RegExp): boolean {
  const [parent] = parents;
  if (parent?.node.kind !== 'call' || parent.key !== 'arguments') return false;
  const what = parent.node.what as Tree;
  return (
    (parent.node.arguments as Tree[])[0] === node && what.kind === 'name' && name.test(String(what.name))
  );
}

/** Every place of a file, each before what is in it. */
export function* places(place: Place): Generator<Place> {
  yield place;
  const { node, parents } = place;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'loc') continue;
    for (const child of Array.isArray(value) ? value : [value])
      if (child !== null && typeof child === 'object' && 'kind' in child)
        yield* places({ node: child as Tree, parents: [{ node, key }, ...parents] });
  }
}

const asks = /^\\?(function_exists|class_exists|interface_exists|defined)$/;

/** Names that the file asks for before it uses them: `function_exists('hash_equals')`, `defined('...')`. */
export function guards(all: readonly Place[]): Set<string> {
  const asked = all.filter((place) => place.node.kind === 'string' && isSubject(place, asks));
  return new Set(asked.map(({ node }) => String(node.value).replace(/^\\/, '')));
}
