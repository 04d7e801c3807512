/** Reads PHP as an older PHP would: what its grammar did not have yet, and the words of words.txt, wherever they stand. */
import { Engine } from 'php-parser';
import { guards, isSubject, type Place, places, type Tree } from './places.ts';
import { syntax } from './syntax.ts';

/** Something in a file, and the version of PHP that brought it. */
export interface Found {
  readonly line: number;
  readonly what: string;
  readonly since: string;
}

/** `8.2.7` is 802, as the parser counts. */
export function levelOf(version: string): number {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major * 100 + minor;
}

/**
 * Everything in a file that is newer than PHP 5.5, with what brought it.
 *
 * @throws Error with the line where a PHP of this version could not read the file at all
 */
export function readPhp(
  file: string,
  text: string,
  version: string,
  words: ReadonlyMap<string, { readonly since: string }>,
): Found[] {
  const engine = new Engine({
    parser: { version: levelOf(version), suppressErrors: false, extractDoc: false },
    ast: { withPositions: true },
  });
  const root = engine.parseCode(text, file) as unknown as Tree;
  const all = [...places({ node: root, parents: [] })];
  const guarded = guards(all);
  return all.flatMap((place) => {
    const line = place.node.loc?.start.line ?? 0;
    const named = wordsOf(place).map(
      (what) => [what, guarded.has(what) ? undefined : words.get(what)?.since] as const,
    );
    return [...syntax(place), ...named].flatMap(([what, since]) =>
      since === undefined ? [] : [{ line, what, since }],
    );
  });
}

/** What a place says that may stand in the table. */
function wordsOf(place: Place): string[] {
  const { node } = place;
  const [parent] = place.parents;
  if (node.kind === 'string') {
    // An option that is switched off is one that an older PHP has not got.
    if (parent?.key === 'key') return isFalse(parent.node.value as Tree) ? [] : [`${node.value}=>`];
    return isSubject(place, /^ini_[sg]et$/i) ? [String(node.value)] : [];
  }
  if (node.kind === 'staticlookup') {
    const [what, offset] = [node.what as Tree, node.offset as Tree];
    return [`${nameOf(what)}::${offset.name ?? ''}`];
  }
  if (node.kind === 'call') {
    const name = nameOf(node.what as Tree).toLowerCase();
    const given = (node.arguments as Tree[]) ?? [];
    return name === ''
      ? []
      : [
          name,
          ...given.map((_, at) => `${name}/${at + 1}`),
          ...(given.some(({ kind }) => kind === 'array') ? [`${name}[]`] : []),
        ];
  }
  // Classes and constants. To ask whether something is of a class that is not there is no fault.
  if (node.kind !== 'name' || parent?.key === 'right' || isCaughtTwice(place)) return [];
  return parent?.node.kind === 'call' && parent.key === 'what' ? [] : [nameOf(node)];
}

const isFalse = (node: Tree): boolean => node.kind === 'boolean' && node.value === false;

const nameOf = (node: Tree): string =>
  node.kind === 'name' && typeof node.name === 'string' ? node.name.replace(/^\\/, '') : '';

/** `catch (Throwable)` beside `catch (Exception)` is for whichever there is. */
function isCaughtTwice({ node, parents }: Place): boolean {
  const [parent, beyond] = parents;
  if (parent?.node.kind !== 'catch' || nameOf(node) !== 'Throwable') return false;
  const catches = (beyond?.node.catches ?? []) as Tree[];
  return catches.some(({ what }) => (what as Tree[]).some((one) => nameOf(one) === 'Exception'));
}
