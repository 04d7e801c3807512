/** A cloud's import commands with the values that are known filled in: one by one, or as a script for a shell. */
import type { Argv, ImportCommand, ImportCommands } from '../../clouds/import-command.ts';

export type Values = Readonly<Record<string, string>>;

const word = /\{([a-z][a-z_]*)\}/;

/** Words in arguments, each once. */
export function wordsIn(texts: readonly string[]): string[] {
  const found = texts.flatMap((text) =>
    [...text.matchAll(new RegExp(word, 'g'))].map(([, name = '']) => name),
  );
  return [...new Set(found)];
}

/** Words of commands that nobody has given a value: neither the config nor an earlier command nor the user. */
export function unknownWords({ steps }: ImportCommands, values: Values): string[] {
  const given = new Set(Object.keys(values));
  const unknown = new Set<string>();
  for (const { argv, input, gives } of steps) {
    for (const name of wordsIn(input === undefined ? argv : [...argv, input]))
      if (!given.has(name)) unknown.add(name);
    if (gives !== undefined) given.add(gives);
  }
  return [...unknown];
}

/** What is not known stands there as `<word>`. */
export function filled(argv: Argv, values: Values): Argv {
  const [file, ...args] = argv.map((text) => fill(text, values, (name) => `<${name}>`));
  return [file ?? '', ...args];
}

/** One line as one types it. */
export function typed(argv: readonly string[]): string {
  return argv.map(quoted).join(' ');
}

export interface Script {
  readonly title: string;
  readonly commands: ImportCommands;
  readonly values: Values;
  /** What an unknown word is. */
  readonly about: (word: string) => string;
}

/** For a POSIX shell; what is unknown is a variable at its head, and what a command gives is one too. */
export function importScript({ title, commands, values, about }: Script): string {
  const unknown = unknownWords(commands, values);
  return [
    `# ${title}: not tried on the real cloud. ${commands.first}`,
    ...(unknown.length === 0 ? [] : ['# To be filled in:']),
    ...unknown.map((name) => `${name}= # ${about(name)}`),
    'set -eu',
    ...commands.steps.flatMap((step, index) => stepLines(step, index + 1, values)),
    '',
  ].join('\n');
}

function stepLines({ does, argv, input, gives, undo, later }: ImportCommand, number: number, values: Values) {
  const line = (args: readonly string[]) => args.map((text) => inShell(text, values)).join(' ');
  const command = `${line(argv)}${input === undefined ? '' : ` <${inShell(input, values)}`}`;
  const whole = gives === undefined ? command : `${gives}=$(${command})`;
  return [
    `\n# ${number}. ${does}${later === undefined ? '' : `: ${later}`}`,
    later === undefined ? whole : `# ${whole}`,
    ...(undo === undefined ? [] : [`#   undone by: ${line(undo)}`]),
  ];
}

function fill(text: string, values: Values, unknown: (name: string) => string): string {
  return text.replaceAll(new RegExp(word, 'g'), (_, name: string) => values[name] ?? unknown(name));
}

function inShell(text: string, values: Values): string {
  if (wordsIn([text]).every((name) => values[name] !== undefined)) return quoted(fill(text, values, String));
  // The even pieces are the text between the words.
  const pieces = text.split(word).map((piece, index) => {
    if (index % 2 === 0) return inDoubleQuotes(piece);
    const value = values[piece];
    return value === undefined ? `\${${piece}}` : inDoubleQuotes(value);
  });
  return `"${pieces.join('')}"`;
}

function inDoubleQuotes(text: string): string {
  return text.replaceAll(/[\\"$`]/g, '\\$&');
}

function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
