/** `letterbox lock` and `letterbox outdated`: what the archive has now, written down, or held against what was taken last. */
import path from 'node:path';
import type { Release } from '../../releases/release.ts';
import { inArchiveOf } from '../bake/base/base.ts';
import { findSources } from '../bake/base/bootstrap.ts';
import { type BakedPackage, packagesOf } from '../bake/packages-of.ts';
import { lockOf, planned } from '../compile.ts';
import type { Loaded } from '../config/load.ts';
import { ConfigError } from '../config/problem.ts';
import { writeFileAtomically } from '../host/write.ts';
import { type Change, changesBetween } from '../lock/changes.ts';
import { type LockedPackage, lockFileOf, lockText } from '../lock/lock.ts';
import { readLock, whyUnheld } from '../lock/read.ts';
import { cacheDir } from '../paths.ts';

/** What the archive has for a plan, and which versions of a package its suites of security upgrades have. */
export interface Now {
  readonly packages: readonly LockedPackage[];
  readonly fixes: (name: string) => readonly string[];
}

export type LookUp = (loaded: Loaded) => Promise<Now>;

export interface Locked {
  readonly file: string;
  /** False where it was the same already. */
  readonly written: boolean;
  readonly count: number;
  readonly release: string;
  /** Against the lock that was there; without a sound one, undefined. */
  readonly changes: readonly Change[] | undefined;
}

/** Writes the lock whole, or leaves what is there. `baked`: the folder of an image, of which it is to be in place of the archive. */
export async function writeLock(loaded: Loaded, baked: string | undefined, lookUp: LookUp): Promise<Locked> {
  const release = heldRelease(loaded);
  const file = lockFileOf(loaded.source.file);
  const { packages, fixes } =
    baked === undefined ? await lookUp(loaded) : { packages: asBaked(baked, release.name), fixes: () => [] };
  const before = soundLock(loaded, release);
  const written = writeFileAtomically(file, lockText({ release: release.name, packages }));
  return {
    file,
    written,
    count: packages.length,
    release: release.name,
    changes: before === undefined ? undefined : changesBetween(before.packages, packages, fixes),
  };
}

export interface Outdated {
  /** What the archive is held against, for people. */
  readonly against: string;
  readonly changes: readonly Change[];
}

/** What a lock that is written now would change: against the lock, else against the last image. */
export async function outdated(loaded: Loaded, out: string, lookUp: LookUp): Promise<Outdated> {
  const { source } = loaded;
  const release = heldRelease(loaded);
  const lock = lockOf(loaded);
  const before = lock?.packages ?? packagesOf(out, release.name);
  if (before === undefined)
    throw new Error(
      `there is neither ${lockFileOf(source.file)} nor an image of ${release.name} in ${out} that says what is in it: \`letterbox lock ${source.file}\` makes the first, a bake the second`,
    );
  const { packages, fixes } = await lookUp(loaded);
  return {
    against: lock?.file ?? path.join(out, 'bom.cdx.json'),
    changes: changesBetween(before, packages, fixes),
  };
}

/** 0: nothing; 3: something is newer; 4: a security upgrade is among it. Errors have 1 and 2. */
export function exitCodeOf({ changes }: Pick<Outdated, 'changes'>): 0 | 3 | 4 {
  if (changes.length === 0) return 0;
  return changes.some(({ security }) => security) ? 4 : 3;
}

/** @throws ConfigError where no lock can hold its packages */
function heldRelease({ config, source }: Loaded): Release {
  const { release } = planned(config);
  const rule = whyUnheld(release);
  if (rule === undefined) return release;
  const remedy = 'bake without one: the SHA-256 of that image holds what is in it';
  const place = source.placeOf(['release']);
  throw new ConfigError([{ place, key: 'release', rule, remedy }]).of(source.text);
}

export async function lookIntoArchive({ config }: Loaded): Promise<Now> {
  const { release, plan } = planned(config);
  const base = bootstrapOf(release);
  const sources = await findSources(base, config.image.mirror);
  const secure = new Set(base.suites.flatMap(({ suite, security }) => (security ? [suite] : [])));
  return inArchiveOf(base, sources, { cacheDir, release }, async ({ offers, resolve }) => ({
    packages: await resolve(plan.packages),
    fixes: (name) => offers.of(name).flatMap(({ suite, version }) => (secure.has(suite) ? [version] : [])),
  }));
}

function bootstrapOf({ name, base }: Release) {
  if (base.kind === 'bootstrap') return base;
  throw new Error(`${name} is not made from packages here`);
}

/** The lock that is there, where it can be read: one that can't is what this command mends. */
function soundLock({ source }: Loaded, release: Release) {
  try {
    return readLock(source.file, { release, packages: () => [] });
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

function asBaked(out: string, release: string): LockedPackage[] {
  const baked = packagesOf(out, release);
  if (baked === undefined)
    throw new Error(`no image of ${release} in ${out} says what is in it: bake first, or leave out --baked`);
  const lacking = baked.filter(({ sha256 }) => sha256 === undefined).map(({ name }) => name);
  if (lacking.length === 0) return baked.filter(hasDigest);
  const some = `${lacking.slice(0, 4).join(', ')}${lacking.length > 4 ? ` and ${lacking.length - 4} more` : ''}`;
  throw new Error(`the bill in ${out} has no SHA-256 of ${some}: leave out --baked, or bake anew`);
}

const hasDigest = (each: BakedPackage): each is LockedPackage => each.sha256 !== undefined;
