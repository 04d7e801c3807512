/** Reads the lock beside a config: all that is wrong with it at once, each with its line and what mends it. */
import { existsSync } from 'node:fs';
import * as z from 'zod';
import type { Release } from '../../releases/release.ts';
import { pathText } from '../config/path.ts';
import { ConfigError, type Place, type Problem } from '../config/problem.ts';
import { readText } from '../config/read-text.ts';
import { readYaml, type Sheet } from '../config/yaml.ts';
import { type Lock, type LockedPackage, lockFileOf, lockFormat } from './lock.ts';

/** A lock that was read, for messages about it later on. */
export interface ReadLock extends Lock {
  /** The config that it is for. */
  readonly config: string;
  readonly file: string;
  readonly placeOf: (index: number) => Place;
}

/** What a lock is held against. */
export interface Wanted {
  readonly release: Pick<Release, 'name' | 'base'>;
  /** Those of the plan, asked for where there is a lock. */
  readonly packages: () => readonly string[];
}

const schema = z.strictObject({
  format: z.literal(lockFormat, { error: `must be ${lockFormat}, the format that this Letterbox reads` }),
  release: z.string({ error: 'must name a release' }),
  packages: z.array(z.string({ error: 'must be a line of name, version, architecture and SHA-256' }), {
    error: 'must be a list of packages',
  }),
  count: z.number({ error: 'must be the number of packages' }),
});

const line = /^([a-z0-9][a-z0-9+.-]+) ([A-Za-z0-9.+~:-]*\d[A-Za-z0-9.+~:-]*) ([a-z0-9]+) ([0-9a-f]{64})$/;

function packageIn(text: string): LockedPackage | undefined {
  const [, name, version = '', architecture = '', sha256 = ''] = line.exec(text) ?? [];
  return name === undefined ? undefined : { name, version, architecture, sha256 };
}

/** Undefined where there is no lock. @throws ConfigError */
export function readLock(config: string, { release, packages: planned }: Wanted): ReadLock | undefined {
  const file = lockFileOf(config);
  if (!existsSync(file)) return undefined;
  const unheld = whyUnheld(release);
  if (unheld !== undefined)
    throw new ConfigError([{ place: { file }, key: '', rule: unheld, remedy: 'remove the file' }]);
  const anew = writtenAnew(config);
  const sheet = sheetOf(file, anew);
  const parsed = schema.safeParse(sheet.value);
  if (!parsed.success)
    throw new ConfigError([...sheet.problems, ...problemsOf(parsed.error.issues, sheet, anew)]);
  const { data } = parsed;
  const problems: Problem[] = [...sheet.problems];
  const blame = (path: readonly (string | number)[], rule: string, remedy = anew) =>
    problems.push({ place: sheet.placeOf(path), key: pathText(path), rule, remedy });
  if (data.release !== release.name)
    blame(['release'], `is ${data.release}, and the config has ${release.name}`);
  const packages: LockedPackage[] = [];
  const firsts = new Map<string, number | undefined>();
  for (const [index, text] of data.packages.entries()) {
    const path = ['packages', index];
    const locked = packageIn(text);
    if (locked === undefined) {
      blame(path, 'is not name, version, architecture and SHA-256 (64 digits of hexadecimal)');
    } else if (firsts.has(locked.name)) {
      blame(path, `names ${locked.name} again, first on line ${firsts.get(locked.name)}`, 'keep one of them');
    } else {
      firsts.set(locked.name, sheet.placeOf(path).line);
      packages.push(locked);
    }
  }
  if (data.count !== data.packages.length)
    blame(['count'], `is ${data.count}, and the packages above are ${data.packages.length}`);
  // A line that can't be read is told already.
  const lacking = planned().filter((name) => !data.packages.some((text) => text.startsWith(`${name} `)));
  if (lacking.length > 0) blame(['packages'], `lacks what the config wants: ${lacking.join(', ')}`);
  if (problems.length > 0) throw new ConfigError(problems);
  return {
    release: data.release,
    packages,
    config,
    file,
    placeOf: (index) => sheet.placeOf(['packages', index]),
  };
}

export const writtenAnew = (config: string) => `\`letterbox lock ${config}\` writes the file anew`;

/**
 * What is said of a release whose packages come to be in a way that no list holds; undefined where they can be held. By the kind of
 * base: a vendor decides what is in its image.
 */
export function whyUnheld({ name, base }: Wanted['release']): string | undefined {
  if (base.kind === 'bootstrap') return undefined;
  return `no lock can hold the packages of ${name}: they are those of the vendor's image, and what that image's own apt adds inside of it`;
}

/** What a program wrote is not mended by hand: the remedies for a config don't fit. */
function sheetOf(file: string, remedy: string): Sheet {
  try {
    return readYaml(readText(file), file);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new ConfigError(error.problems.map((problem) => ({ ...problem, remedy })));
  }
}

function problemsOf(issues: readonly z.core.$ZodIssue[], sheet: Sheet, remedy: string): Problem[] {
  return issues.flatMap((issue): Problem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        place: sheet.placeOfKey([key]),
        key: pathText([key]),
        rule: 'is no key of a lock',
        remedy,
      }));
    const [key] = issue.path;
    const place = sheet.placeOf(issue.path);
    if (key === undefined) return [{ place, key: '', rule: 'is no lock', remedy }];
    const absent = (sheet.value as Record<PropertyKey, unknown>)[key] === undefined;
    const rule = !absent
      ? issue.message
      : key === 'count'
        ? 'is missing at the end: the file is cut short'
        : 'is missing';
    return [{ place, key: pathText(issue.path), rule, remedy }];
  });
}
