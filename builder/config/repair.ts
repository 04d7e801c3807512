/**
 * Fills what is wrong in a config with harmless values, so that the rules can be asked about the rest
 * and one run tells everything there is to tell.
 */
import type * as z from 'zod';
import type { Path } from './path.ts';
import { type Config, configSchema } from './schema.ts';

/** A config with every required key. The rules never see these values: they skip the keys that were wrong. */
const specimen = {
  name: 'specimen',
  release: 'specimen',
  box: { hostname: 'box.example.com', admin: { email: 'me@example.com' } },
};

/** The repaired config and the paths of what was replaced; nothing when there is too little to go by. */
export function repair(
  value: unknown,
  issues: readonly z.core.$ZodIssue[],
): { config: Config; wrong: Path[] } | undefined {
  const draft = structuredClone(value);
  const wrong: Path[] = [];
  for (const issue of issues) {
    if (issue.code === 'unrecognized_keys')
      for (const key of issue.keys) put(draft, [...issue.path, key], undefined);
    else {
      const path = partOf(issue.path);
      put(draft, path, at(structuredClone(specimen), path));
      wrong.push(path);
    }
  }
  const repaired = configSchema.safeParse(draft);
  return repaired.success ? { config: repaired.data, wrong } : undefined;
}

/**
 * What has to be replaced, or left out. An item of a list can't be without moving the others: the list as a whole counts as wrong;
 * and one cloud's section lacks nothing only as a whole.
 */
function partOf(path: Path): Path {
  if (path[0] === 'clouds' && path.length > 2) return path.slice(0, 2);
  const list = path.findIndex((part) => typeof part === 'number');
  return list < 0 ? path : path.slice(0, list);
}

type Section = Record<PropertyKey, unknown>;

/** Sets the value at a path; `undefined` removes its key. */
function put(root: unknown, path: Path, value: unknown): void {
  const parent = at(root, path.slice(0, -1));
  const last = path.at(-1);
  if (typeof parent !== 'object' || parent === null || last === undefined) return;
  if (value === undefined) delete (parent as Section)[last];
  else (parent as Section)[last] = value;
}

function at(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((inner, part) => (inner as Section | undefined)?.[part], root);
}
