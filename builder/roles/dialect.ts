/** Settings that one version of a daemon knows and an older one doesn't. */
import type { Release } from '../../releases/release.ts';

/** A line of a daemon's configuration, for a Mustache section. */
export type Setting = { readonly name: string; readonly value: string };

/** A setting and the upstream version that brought it. */
export interface SinceSetting extends Setting {
  readonly since: string;
}

/** Those of `settings` that `version` knows. */
export function known(version: string, settings: readonly SinceSetting[]): Setting[] {
  return settings
    .filter(({ since }) => isAtLeast(version, since))
    .map(({ name, value }) => ({ name, value }));
}

/** Compares dotted versions number by number: 3.10 is newer than 3.9. A missing number counts as 0. */
export function isAtLeast(version: string, wanted: string): boolean {
  const [have, want] = [version, wanted].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (let i = 0; i < Math.max(have.length, want.length); i++) {
    const difference = (have[i] ?? 0) - (want[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** How nginx adds a header to error pages too; before 1.7.5 it can't. */
export const headerOptions = ({ versions }: Release): string =>
  isAtLeast(versions.nginx, '1.7.5') ? ' always' : '';
