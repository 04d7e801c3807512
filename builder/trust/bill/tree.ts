/** A root file system by its paths: real ones, however a package or a script names them. */

export interface TreeFile {
  /** Absolute; a folder is none. */
  readonly path: string;
  /** Where it leads, of a symbolic link. */
  readonly target?: string;
}

/** Lines of `tar --list --verbose --numeric-owner --quoting-style=literal`. */
export function parseListing(lines: readonly string[]): TreeFile[] {
  return lines.flatMap((line) => {
    const [, kind, entry = ''] = /^(\S)\S+ +\S+ +\S+ \S+ \S+ \.(\/.*)$/.exec(line) ?? [];
    if (kind === undefined || kind === 'd') return [];
    const [path = '', target] = entry.split(kind === 'l' ? ' -> ' : kind === 'h' ? ' link to ' : '\n');
    return [kind === 'l' && target !== undefined ? { path, target } : { path }];
  });
}

/** Gives the path under which a file really lies: folders may be links, as /lib is one to /usr/lib. */
export function realPaths(files: readonly TreeFile[]): (path: string) => string {
  const links = new Map(
    files.flatMap(({ path, target }) => (target === undefined ? [] : [[path, target] as const])),
  );
  const known = new Map<string, string>([['', '']]);
  const folder = (path: string, left: number): string => {
    const found = known.get(path);
    if (found !== undefined) return found;
    const at = `${folder(parent(path), left)}${path.slice(parent(path).length)}`;
    const target = links.get(at);
    const real =
      target === undefined || left === 0
        ? at
        : folder(normal(target.startsWith('/') ? target : `${parent(at)}/${target}`), left - 1);
    known.set(path, real);
    return real;
  };
  return (path) => `${folder(parent(path), 8)}${path.slice(parent(path).length)}`;
}

const parent = (path: string) => path.slice(0, path.lastIndexOf('/'));

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? '' : `/${parts.join('/')}`;
}
