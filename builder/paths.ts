/** Where the project's own files lie, and where what a bake can use again does. */
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder, with a trailing slash. This file sits one folder below it, in source and in `dist/` alike. */
export const projectRoot = fileURLToPath(new URL('..', import.meta.url));

/** How one starts this program again: in a clone by the launcher at its root, which needs no npm. */
export const command = isInstalled(projectRoot) ? 'npx letterbox' : './letterbox';

export const cacheDir = cacheOf(projectRoot, process.env.XDG_CACHE_HOME);

/**
 * In a clone, `.cache`. A package that was installed may be another's to write, and goes with the next `npm install`: there it is the
 * user's own (XDG Base Directory Specification; a relative path counts as none).
 */
export function cacheOf(root: string, named: string | undefined): string {
  if (!isInstalled(root)) return path.join(root, '.cache');
  const own = named !== undefined && path.isAbsolute(named) ? named : path.join(homedir(), '.cache');
  return path.join(own, 'letterbox');
}

function isInstalled(root: string): boolean {
  return path.basename(path.dirname(path.resolve(root))) === 'node_modules';
}
