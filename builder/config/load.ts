/** Reads a `box.yaml`: text, YAML, shape, rules. Either a config with every default filled in, or everything that is wrong. */
import { releases as knownReleases } from '../../releases/index.ts';
import { problemsOf } from './issues.ts';
import { type Path, pathText } from './path.ts';
import { ConfigError, type Place, type Problem } from './problem.ts';
import { readText } from './read-text.ts';
import { repair } from './repair.ts';
import type { Finding, Releases } from './rules/rule.ts';
import { findings } from './rules.ts';
import { type Config, configSchema } from './schema.ts';
import { readYaml, type Sheet } from './yaml.ts';

/** Where a config came from, for messages about it later on. */
export interface Source {
  readonly file: string;
  readonly text: string;
  /** Where a value stands; an absent one, where its section does. */
  readonly placeOf: (path: Path) => Place;
}

export interface Loaded {
  readonly config: Config;
  readonly source: Source;
}

/** @throws ConfigError with every problem, also when the file can't be read. */
export function loadConfig(file: string, releases: Releases = knownReleases): Loaded {
  return parseConfig(readText(file), file, releases);
}

/** The same for a text; `file` only serves to name the place. @throws ConfigError */
export function parseConfig(text: string, file: string, releases: Releases = knownReleases): Loaded {
  try {
    return judged(text, file, releases);
  } catch (error) {
    throw error instanceof ConfigError ? error.of(text) : error;
  }
}

function judged(text: string, file: string, releases: Releases): Loaded {
  const sheet = readYaml(text, file);
  if (isFleet(sheet.value))
    throw new ConfigError([
      {
        place: sheet.placeOf([]),
        key: '',
        rule: 'is a fleet, which `check`, `plan` and `launch` take alone',
        remedy: 'name its base, since one image serves all of its boxes',
      },
    ]);
  const { config, problems } = judge(sheet, releases);
  if (config === undefined || problems.length > 0) throw new ConfigError(problems);
  return { config, source: { file, text, placeOf: sheet.placeOf } };
}

/** Whether a file is of several boxes: by its keys, none of which a box.yaml has. */
export function isFleet(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ('base' in value || 'boxes' in value) && !('release' in value);
}

/** Everything that is wrong with what could be read, and the config where its shape is right. */
export function judge(
  sheet: Sheet,
  releases: Releases,
): { readonly config?: Config; readonly problems: readonly Problem[] } {
  const parsed = configSchema.safeParse(sheet.value);
  const toProblem = ({ path, rule, remedy }: Finding) => ({
    place: sheet.placeOf(path),
    key: pathText(path),
    rule,
    remedy,
  });

  if (parsed.success) {
    const problems = [...sheet.problems, ...findings(parsed.data, releases).map(toProblem)];
    return { config: parsed.data, problems };
  }
  const { problems, meant } = problemsOf(parsed.error.issues, sheet);
  const rest = repair(sheet.value, parsed.error.issues);
  const wrong = [...(rest?.wrong ?? []), ...meant];
  return {
    problems: [
      ...sheet.problems,
      ...problems,
      ...(rest === undefined ? [] : findings(rest.config, releases, wrong).map(toProblem)),
    ],
  };
}
