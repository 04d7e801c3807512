/** The file trees of two images, and how they differ. */
import { fileURLToPath } from 'node:url';
import { type RawImage, withImageMounted } from '../lab/world/image.ts';

/** What lies at one path. */
export interface Entry {
  /** Type, mode, owner by number, extended attributes. */
  readonly kind: string;
  /** A file's digest, or all of it where it was asked for; where a link leads. */
  readonly content: string;
}

export type Tree = ReadonlyMap<string, Entry>;

/** A file whose content may differ in one thing: `seen` gives all the rest of it. Type, mode and owner may not. */
export interface Exception {
  readonly path: string;
  readonly reason: string;
  readonly seen: (content: string) => string;
  /** It differs on some days and not on others. */
  readonly mayAgree?: true;
}

/** Everything in an image's root file system. */
export async function treeOf(
  image: RawImage,
  mountPoint: string,
  exceptions: readonly Exception[],
): Promise<Tree> {
  const program = fileURLToPath(new URL('list-tree.py', import.meta.url));
  const argv = ['python3', program, mountPoint, ...exceptions.map(({ path }) => path)];
  const lines = (await withImageMounted(image, mountPoint, argv, { seconds: 300 })).trimEnd().split('\n');
  const entries = lines.map((line) => JSON.parse(line) as Entry & { readonly path: string });
  return new Map(entries.map(({ path, kind, content }) => [path, { kind, content }]));
}

/** One line for each path that differs, but for what an exception explains. */
export function differences(one: Tree, other: Tree, exceptions: readonly Exception[]): string[] {
  const seenAt = new Map(exceptions.map(({ path, seen }) => [path, seen]));
  return [...new Set([...one.keys(), ...other.keys()])].sort().flatMap((path) => {
    const [a, b] = [one.get(path), other.get(path)];
    if (a === undefined || b === undefined)
      return [`${path}: only in the ${a === undefined ? 'second' : 'first'}`];
    if (a.kind !== b.kind) return [`${path}: ${a.kind}, ${b.kind}`];
    const seen = seenAt.get(path) ?? ((content: string) => content);
    return seen(a.content) === seen(b.content) ? [] : [`${path}: another content`];
  });
}

/** Exceptions that explain nothing, since the files are alike in every byte: they have to go. */
export function needless(one: Tree, other: Tree, exceptions: readonly Exception[]): string[] {
  return exceptions
    .filter(({ mayAgree }) => mayAgree !== true)
    .map(({ path }) => path)
    .filter((path) => one.get(path)?.content === other.get(path)?.content);
}
