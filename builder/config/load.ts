/** Reads a `box.yaml`: text, YAML, shape, rules. Either a config with every default filled in, or everything that is wrong. */
import { releases as knownReleases } from '../../releases/index.ts';
import { problemsOf } from './issues.ts';
import { type Path, pathText } from './path.ts';
import { ConfigError, type Place } from './problem.ts';
import { readText } from './read-text.ts';
import { repair } from './repair.ts';
import type { Finding, Releases } from './rules/rule.ts';
import { findings } from './rules.ts';
import { type Config, configSchema } from './schema.ts';
import { readYaml } from './yaml.ts';

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
  const parsed = configSchema.safeParse(sheet.value);
  const toProblem = ({ path, rule, remedy }: Finding) => ({
    place: sheet.placeOf(path),
    key: pathText(path),
    rule,
    remedy,
  });

  if (parsed.success) {
    const problems = [...sheet.problems, ...findings(parsed.data, releases).map(toProblem)];
    if (problems.length > 0) throw new ConfigError(problems);
    return { config: parsed.data, source: { file, text, placeOf: sheet.placeOf } };
  }
  const { problems, meant } = problemsOf(parsed.error.issues, sheet);
  const rest = repair(sheet.value, parsed.error.issues);
  const wrong = [...(rest?.wrong ?? []), ...meant];
  throw new ConfigError([
    ...sheet.problems,
    ...problems,
    ...(rest === undefined ? [] : findings(rest.config, releases, wrong).map(toProblem)),
  ]);
}
