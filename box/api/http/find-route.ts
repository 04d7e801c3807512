/** Finds the route of a request. Pure. */
import type { Route } from '../route.ts';

export type Found =
  | { readonly route: Route; readonly pathParams: Readonly<Record<string, string>> }
  /** The methods that the path has. */
  | { readonly allowed: readonly string[] };

/** @throws URIError for a path whose escapes are no UTF-8 */
export function findRoute(routes: readonly Route[], method: string, path: string): Found {
  const segments = path.split('/').slice(1).map(decodeURIComponent);
  const allowed: string[] = [];
  for (const route of routes) {
    const pathParams = match(route.path.split('/').slice(1), segments);
    if (pathParams === undefined) continue;
    if (route.method === (method === 'HEAD' ? 'GET' : method)) return { route, pathParams };
    allowed.push(route.method);
  }
  return { allowed };
}

function match(
  pattern: readonly string[],
  segments: readonly string[],
): Readonly<Record<string, string>> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [i, part] of pattern.entries()) {
    const segment = segments[i] ?? '';
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (part !== segment) return undefined;
    } else if (segment === '') return undefined;
    else params[name] = segment;
  }
  return params;
}
