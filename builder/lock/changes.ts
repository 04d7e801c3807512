/** What differs between two lists of packages: security upgrades first. */
import { compareVersions } from './versions.ts';

export interface Version {
  readonly name: string;
  readonly version: string;
}

export interface Change {
  readonly name: string;
  /** Absent of one that comes. */
  readonly before?: string;
  /** Absent of one that goes. */
  readonly now?: string;
  readonly kind: 'newer' | 'older' | 'new' | 'gone';
  /** The archive of security upgrades has a version that is newer than the one before. */
  readonly security: boolean;
}

const kinds: readonly Change['kind'][] = ['newer', 'older', 'new', 'gone'];

/**
 * `fixes`: the versions of a package that the archive of security upgrades has. One of them counts although what would be taken is
 * another archive's by now: a point release takes what security had, and goes on from there.
 */
export function changesBetween(
  before: readonly Version[],
  now: readonly Version[],
  fixes: (name: string) => readonly string[],
): Change[] {
  const [had, has] = [byName(before), byName(now)];
  const names = [...new Set([...had.keys(), ...has.keys()])];
  return names
    .flatMap((name) => changeOf(name, had.get(name), has.get(name), fixes) ?? [])
    .sort(
      (a, b) =>
        Number(b.security) - Number(a.security) ||
        kinds.indexOf(a.kind) - kinds.indexOf(b.kind) ||
        (a.name < b.name ? -1 : 1),
    );
}

function changeOf(
  name: string,
  before: string | undefined,
  now: string | undefined,
  fixes: (name: string) => readonly string[],
): Change | undefined {
  if (before === now) return undefined;
  if (now === undefined)
    return { name, ...(before === undefined ? {} : { before }), kind: 'gone', security: false };
  // A new kernel has a new name.
  if (before === undefined) return { name, now, kind: 'new', security: fixes(name).includes(now) };
  const kind = compareVersions(before, now) < 0 ? 'newer' : 'older';
  const security =
    kind === 'newer' &&
    fixes(name).some((fix) => compareVersions(before, fix) < 0 && compareVersions(fix, now) <= 0);
  return { name, before, now, kind, security };
}

const byName = (all: readonly Version[]) => new Map(all.map(({ name, version }) => [name, version]));
