/** Settings that one version of a daemon knows and an older one doesn't. */
import type { Release } from '../../releases/release.ts';
import { isAtLeast } from '../../releases/version.ts';

export { isAtLeast };

/** A line of a daemon's configuration, for a Mustache section. */
export type Setting = { readonly name: string; readonly value: string };

/** A setting, the upstream version that brought it, and the one from which another does its work better. */
export interface SinceSetting extends Setting {
  readonly since: string;
  readonly until?: string;
}

/** Those of `settings` that `version` knows. */
export function known(version: string, settings: readonly SinceSetting[]): Setting[] {
  return settings
    .filter(({ since, until }) => isAtLeast(version, since) && !(until && isAtLeast(version, until)))
    .map(({ name, value }) => ({ name, value }));
}

/** How nginx adds a header to error pages too; before 1.7.5 it can't. */
export const headerOptions = ({ versions }: Release): string =>
  isAtLeast(versions.nginx, '1.7.5') ? ' always' : '';
