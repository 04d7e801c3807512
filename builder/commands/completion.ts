/** `letterbox completion`: what a shell asks for after a tab, printed from the command line's own tree. */
import type { Argument, Command, Option } from 'commander';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** What may stand at a place: one of some words, a file, or what nobody can list. */
type Value = readonly string[] | 'config' | 'file' | 'folder' | 'text';

interface Flag {
  readonly name: string;
  readonly about: string;
  /** Absent where none follows. */
  readonly value?: Value;
}

interface Verb {
  readonly name: string;
  readonly about: string;
  readonly flags: readonly Flag[];
  readonly operand?: Value;
}

interface Tree {
  readonly flags: readonly Flag[];
  readonly verbs: readonly Verb[];
}

export function completion(shell: Shell, program: Command): string {
  const tree = { flags: flagsOf(program), verbs: program.commands.map(verbOf) };
  return { bash, zsh, fish }[shell](tree);
}

function verbOf(command: Command): Verb {
  const [operand] = command.registeredArguments;
  return {
    name: command.name(),
    about: command.description(),
    flags: flagsOf(command),
    ...(operand === undefined ? {} : { operand: valueAfter(operand, operand.name()) }),
  };
}

function flagsOf(command: Command): Flag[] {
  return command
    .createHelp()
    .visibleOptions(command)
    .map((option) => ({
      name: option.long ?? '',
      about: option.description,
      ...(option.required || option.optional ? { value: valueAfter(option, placeholder(option)) } : {}),
    }));
}

/** By the word that the help has for it. */
function valueAfter({ argChoices }: Pick<Option | Argument, 'argChoices'>, word: string): Value {
  if (argChoices !== undefined) return argChoices;
  if (word === 'config') return 'config';
  return word === 'file' || word === 'folder' ? word : 'text';
}

const placeholder = ({ flags }: Option) => /<([a-z]+)/.exec(flags)?.[1] ?? '';

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const words = (all: readonly string[]) => quoted(all.join(' '));
const takers = (flags: readonly Flag[]) => flags.filter(({ value }) => value !== undefined);

function bash({ flags, verbs }: Tree): string {
  const offered: Readonly<Record<string, string>> = {
    config: "files '*.yaml'",
    file: 'files',
    folder: 'folders',
    text: 'nothing',
  };
  const offer = (value: Value) => (typeof value === 'string' ? offered[value] : `words ${words(value)}`);
  const cases = (verb: string, all: readonly Flag[]) =>
    takers(all).map(
      ({ name, value = 'text' }) => `    ${quoted(`${verb} ${name}`)}) _letterbox_${offer(value)} ;;`,
    );
  const own = verbs.flatMap((verb) => [
    ...cases(verb.name, [...flags, ...verb.flags]),
    `    ${quoted(`${verb.name} `)}*)`,
    `      if [[ $word == -* ]]; then _letterbox_words ${words(verb.flags.map(({ name }) => name))}`,
    `      else _letterbox_${offer(verb.operand ?? 'text')}; fi ;;`,
  ]);
  const skipped = takers(flags).map(({ name }) => name);
  return `# Completion of letterbox for bash: eval "$(letterbox completion bash)"
_letterbox_words() { COMPREPLY=($(compgen -W "$1" -- "$word")); }
_letterbox_folders() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -d -- "$word")
}
_letterbox_files() {
  compopt -o filenames 2>/dev/null
  if [[ -z $1 ]]; then mapfile -t COMPREPLY < <(compgen -f -- "$word")
  else mapfile -t COMPREPLY < <(compgen -f -X "!$1" -- "$word"; compgen -d -- "$word"); fi
}
_letterbox_nothing() { :; }
_letterbox() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD - 1]} verb= i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${skipped.join(' | ')}) i=$((i + 1)) ;;
      -*) ;;
      *) verb=\${COMP_WORDS[i]}; break ;;
    esac
  done
  # readline makes three words of --out=x.
  if [[ $word == '=' ]]; then word=; elif [[ $before == '=' ]]; then before=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  case "$verb $before" in
${[...cases('', flags), ...own].join('\n')}
    ' '*) _letterbox_words ${words([...verbs, ...flags].map(({ name }) => name))} ;;
  esac
}
complete -F _letterbox letterbox
`;
}

function zsh({ flags, verbs }: Tree): string {
  // Within brackets and before a colon these would end the text.
  const text = (about: string) => about.replaceAll(/[\][:\\]/g, (sign) => `\\${sign}`);
  const offered: Readonly<Record<string, string>> = {
    config: "_files -g '*.yaml'",
    file: '_files',
    folder: '_files -/',
    text: ' ',
  };
  const offer = (value: Value) => (typeof value === 'string' ? offered[value] : `(${value.join(' ')})`);
  const flag = ({ name, about, value }: Flag) =>
    quoted(`${name}[${text(about)}]${value === undefined ? '' : `:${name.slice(2)}:${offer(value)}`}`);
  const own = verbs.map(({ name, flags: its, operand }) => {
    const all = [...its.map(flag), ...(operand === undefined ? [] : [quoted(`1:operand:${offer(operand)}`)])];
    return `    ${name}) _arguments ${all.join(' ')} ;;`;
  });
  return `#compdef letterbox
# Completion of letterbox for zsh: eval "$(letterbox completion zsh)" after compinit, or as _letterbox in a folder of fpath.
_letterbox() {
  local state
  local -a verbs
  verbs=(
${verbs.map(({ name, about }) => `    ${quoted(`${name}:${about}`)}`).join('\n')}
  )
  _arguments -C ${flags.map(flag).join(' ')} '1:command:->verb' '*::operand:->rest'
  case $state in
    verb) _describe command verbs ;;
    rest) case $words[1] in
${own.join('\n')}
    esac ;;
  esac
}
if [[ $funcstack[1] == _letterbox ]]; then _letterbox "$@"; else compdef _letterbox letterbox; fi
`;
}

function fish({ flags, verbs }: Tree): string {
  const line = (...parts: readonly string[]) =>
    ['complete -c letterbox', ...parts].filter((part) => part !== '').join(' ');
  const offered: Readonly<Record<string, string>> = {
    config: "-x -a '(__fish_complete_suffix .yaml)'",
    file: '-r -F',
    folder: "-x -a '(__fish_complete_directories)'",
    text: '-x',
  };
  const offer = (value: Value) =>
    (typeof value === 'string' ? offered[value] : `-x -a ${words(value)}`) ?? '';
  const flag = (when: string, { name, about, value }: Flag) =>
    line(when, `-l ${name.slice(2)}`, value === undefined ? '' : offer(value), `-d ${text(about)}`);
  const text = (about: string) => `'${about.replaceAll(/[\\']/g, (sign) => `\\${sign}`)}'`;
  // fish's own __fish_use_subcommand takes the folder behind --out for a command.
  const first = `-n 'not __fish_seen_subcommand_from ${verbs.map(({ name }) => name).join(' ')}'`;
  return [
    '# Completion of letterbox for fish: letterbox completion fish | source',
    line('-f'),
    ...flags.map((one) => flag('', one)),
    ...verbs.map(({ name, about }) => line(first, `-a ${name}`, `-d ${text(about)}`)),
    ...verbs.flatMap(({ name, flags: its, operand }) => {
      const when = `-n '__fish_seen_subcommand_from ${name}'`;
      return [
        ...its.map((one) => flag(when, one)),
        ...(operand === undefined || operand === 'text'
          ? []
          : [line(when, offer(operand).replace('-r ', ''))]),
      ];
    }),
    '',
  ].join('\n');
}
