/** What a box wrote to its disk: the upper layer of its overlay, or any folder, by content. */
import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Path from the root (`/etc/machine-id`) to SHA-256, of every regular file. */
export function fileTree(root: string, path = '/'): Map<string, string> {
  const all = new Map<string, string>();
  for (const name of readdirSync(join(root, path))) {
    const at = join(path, name);
    const stat = lstatSync(join(root, at));
    if (stat.isDirectory()) for (const [key, digest] of fileTree(root, at)) all.set(key, digest);
    else if (stat.isFile() && stat.size > 0) all.set(at, sha256(readFileSync(join(root, at))));
  }
  return all;
}

/** Files of `mine` whose content lies somewhere in `theirs`, under whatever name. */
export function sharedFiles(
  mine: ReadonlyMap<string, string>,
  theirs: ReadonlyMap<string, string>,
): string[] {
  const contents = new Set(theirs.values());
  return [...mine]
    .filter(([, digest]) => contents.has(digest))
    .map(([path]) => path)
    .sort();
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
