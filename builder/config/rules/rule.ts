/** A rule: what must hold between the keys of a config, or for the meaning of one. A small pure function. */
import type { Release } from '../../../releases/release.ts';
import type { Path } from '../path.ts';
import type { Config } from '../schema.ts';

export type Releases = ReadonlyMap<string, Release>;

/** Where a rule is broken, and the two halves of the message. */
export interface Finding {
  readonly path: Path;
  readonly rule: string;
  readonly remedy: string;
}

export interface Rule {
  /** Its name in the tests. */
  readonly name: string;
  /** What holds when it is kept: one sentence for the reference, docs/config.md. */
  readonly holds: string;
  /** Every key it looks at. It is not asked while one of them is already known to be wrong. */
  readonly reads: readonly string[];
  readonly check: (config: Config, releases: Releases) => readonly Finding[];
}

/** One finding where `broken`, else none. */
export function when(broken: boolean, path: Path, rule: string, remedy: string): readonly Finding[] {
  return broken ? [{ path, rule, remedy }] : [];
}
