/** What is wrong with a config, told as place, rule and remedy: one line for people, one object for programs. */

/** Where in a file. Line and column count from 1; without them the file as a whole is meant. */
export interface Place {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
}

export interface Problem {
  readonly place: Place;
  /** The key it is about, e.g. `box.sshKeys[0]`; empty when it is about the file. */
  readonly key: string;
  /** What holds for the key and is broken here. Never the value of a key that may be secret. */
  readonly rule: string;
  /** What to do about it. */
  readonly remedy: string;
}

/** A config that can't be used, with everything that is wrong with it. The command exits 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];
  /** Hidden from whoever prints the error as a whole. */
  #text: string | undefined;

  constructor(problems: readonly Problem[]) {
    const sorted = inOrder(problems);
    super(sorted.map(formatProblem).join('\n'));
    this.problems = sorted;
  }

  /** The config as it was read, secrets and all: only for excerpts. Absent when it could not be read. */
  get text(): string | undefined {
    return this.#text;
  }

  /** The same error, with the text that it is about. */
  of(text: string): this {
    this.#text = text;
    return this;
  }
}

/** One problem as one line: `box.yaml:7:13: box.hostname: must be ...; write it like ...`. */
export function formatProblem({ place, key, rule, remedy }: Problem): string {
  const where = [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  return shownText([where, ...(key === '' ? [] : [key]), `${rule}; ${remedy}`].join(': '));
}

/** By file and place, and one per key and place: a second complaint about the same value adds nothing. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const first = new Map<string, Problem>();
  for (const problem of problems) {
    const { file, line, column } = problem.place;
    const slot = JSON.stringify([file, line, column, problem.key]);
    if (!first.has(slot)) first.set(slot, problem);
  }
  const files = [...new Set(problems.map(({ place }) => place.file))];
  return [...first.values()].sort(
    ({ place: a }, { place: b }) =>
      files.indexOf(a.file) - files.indexOf(b.file) ||
      (a.line ?? 0) - (b.line ?? 0) ||
      (a.column ?? 0) - (b.column ?? 0),
  );
}

/** File names, keys and lines come from outside: nothing in them may break the line or steer a terminal. */
export function shownText(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
