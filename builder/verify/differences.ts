/** How two images of one config differ, in words: packages first, then paths, and last what is no file. Pure. */
import type { DiskFiles } from './disk-files.ts';

/** `purls` of both bills (purl-spec): `pkg:deb/debian/NAME@VERSION?...`. */
export function packageDifferences(before: readonly string[], after: readonly string[]): string[] {
  const [was, is] = [versions(before), versions(after)];
  return [...new Set([...was.keys(), ...is.keys()])].sort().flatMap((name) => {
    const [one, two] = [was.get(name), is.get(name)];
    return one === two ? [] : [`${name}: ${one ?? 'not there'}, and now ${two ?? 'not there'}`];
  });
}

function versions(purls: readonly string[]): Map<string, string> {
  const found = purls.map((purl) => /^pkg:([^?#]+)@([^@?#]+)/.exec(purl) ?? [purl, purl, '']);
  return new Map(found.map(([, name = '', version = '']) => [name, decodeURIComponent(version)]));
}

/** Every path that is not the same on both, in order, each with what of it is not. */
export function fileDifferences(before: DiskFiles, after: DiskFiles): string[] {
  const all = [...new Set([...before.kinds.keys(), ...after.kinds.keys()])].sort();
  const told = all.flatMap((path) => {
    const [one, two] = [before.kinds.get(path), after.kinds.get(path)];
    if (one === undefined) return [`${path} (only in the new one)`];
    if (two === undefined) return [`${path} (not in the new one)`];
    const what = [
      ...(before.sums.get(path) === after.sums.get(path) ? [] : ['content']),
      ...(one === two ? [] : [`${one.trim()}, and now ${two.trim()}`]),
    ];
    return what.length === 0 ? [] : [`${path} (${what.join('; ')})`];
  });
  if (before.outside !== after.outside) told.push('partition table, boot loader or EFI system partition');
  return told;
}
