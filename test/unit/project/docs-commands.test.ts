/** Every `box ...` and `letterbox ...` that the documents and the programs' own hints name is a command line that the program takes. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import test from 'ava';
import { allCommands } from '../../../box/commands/run.ts';
import { program } from '../../../builder/program.ts';
import { documents } from './markdown.ts';

/** What a program takes after its name; `operands` how many words, and how many more may follow. */
interface Known {
  readonly name: string;
  readonly operands: number;
  readonly more?: number;
  readonly options: Readonly<
    Record<string, { readonly type: 'boolean' | 'string'; readonly short?: string }>
  >;
}

/** Words after the program's name, and whether it is only named: then its operands may be left out. */
interface Line {
  readonly program: string;
  readonly words: string;
  readonly named: boolean;
}

const sources = ['box', 'builder', 'contract', 'clouds', 'panel', 'overlays', 'cloud-init'].flatMap(
  (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name)),
);

/** What was decided stays as it was written: a command that has another name since is looked for by that. */
const renamed = ['box tls-policy', 'box outbound-tls'] as const;

let boxKnows: readonly Known[] = [];
// Not awaited here: files of this room that were read before would have declared their tests by then, and ava takes none any more.
test.before('the commands of the box are read', async () => {
  boxKnows = (await allCommands()).map(({ name, operands, options }) => ({
    name,
    operands: operands.length,
    options: options as Known['options'],
  }));
});

for (const file of documents) {
  test(`${file} names commands that there are`, (t) => {
    const written = readFileSync(file, 'utf8');
    const text = file === 'docs/decisions.md' ? written.replaceAll(...renamed) : written;
    const lines = [...inBlocks(text), ...inline(text)];
    t.deepEqual(wrong(lines), []);
  });
}

test('so do the hints and comments of the programs and of the image’s files', (t) => {
  const found: string[] = [];
  for (const file of sources) {
    // There, a bar is a pipe: `box status | head`.
    const text = readFileSync(file, 'utf8').replaceAll(/ \| [a-z]+`/g, '`');
    for (const fault of wrong(inline(text))) found.push(`${file}: ${fault}`);
  }
  t.deepEqual(found, []);
});

test('a command that there is not, an option or a word too many is found', (t) => {
  const faults = (words: string, program = 'box') => wrong([{ program, words, named: false }]);
  t.deepEqual(faults('account list'), []);
  t.deepEqual(faults('check example.yaml', 'letterbox'), []);
  for (const words of ['acount list', 'account', 'account list --fast', 'account list me', 'account add'])
    t.is(faults(words).length, 1, words);
  for (const words of ['chek example.yaml', 'check', 'check a b', 'check a --colour'])
    t.is(faults(words, 'letterbox').length, 1, words);
});

/** Lines of code blocks that are a command: as typed, or behind a prompt. */
function inBlocks(text: string): Line[] {
  const blocks = [...text.matchAll(/^```(?!yaml).*\n([\s\S]*?)^```$|((?:^ {4,}\S.*\n)+)/gm)];
  return blocks.flatMap(([, fenced, indented]) =>
    [...(fenced ?? indented ?? '').matchAll(/^ *(?:[$#] )?(?:npx |\.\/)?(box|letterbox) (.*)$/gm)].map(
      ([, program = '', words = '']) => ({
        program,
        // Without a comment, and without what the shell takes for itself.
        words: words.replace(/ +# .*$/, '').replace(/ *(?:[|<>]|2>).*$/, ''),
        named: false,
      }),
    ),
  );
}

/** What stands between backticks; in a source they may be escaped. What a program prints (`box init: ...`) is no command. */
function inline(text: string): Line[] {
  return [...text.matchAll(/\\?`(?:npx |\.\/)?(box|letterbox) ([^`$]*?)\\?`/g)]
    .filter(([, , words = '']) => !/^ *\||^[a-z -]+: |\n\n/.test(words))
    .flatMap(([, program = '', words = '']) =>
      alternatives(words.replaceAll('\\|', '|').replace(/\n *(?:\*|\/\/|#) /g, ' ')).map((one) => ({
        program,
        words: one,
        named: true,
      })),
    );
}

/** `a|b c [--d]` is `a c --d` and `b c --d`. */
function alternatives(words: string): string[] {
  const flat = words
    .replace(/[[\]]/g, '')
    .replace(/ ?\| ?/g, '|')
    .replace(/\s+/g, ' ')
    .trim();
  const choice = flat.split(' ').find((word) => word.includes('|'));
  if (choice === undefined) return [flat];
  return choice.split('|').flatMap((one) => alternatives(flat.replace(choice, one)));
}

/** What is wrong with each line, none for one that the program would take. */
function wrong(lines: readonly Line[]): string[] {
  const faults: string[] = [];
  for (const { program: of, words, named } of lines) {
    const fault = faultIn(words.split(' '), of === 'box' ? boxKnows : letterboxKnows, named);
    if (fault !== undefined) faults.push(`${of} ${words}: ${fault}`);
  }
  return faults;
}

function faultIn(argv: readonly string[], known: readonly Known[], named: boolean): string | undefined {
  if (/^(?:--help|--version|COMMAND|\.\.\.)$/.test(argv.join(' '))) return undefined;
  const command = known.find(({ name }) => name.split(' ').every((word, i) => argv[i] === word));
  const isGroup = named && known.some(({ name }) => name.startsWith(`${argv.join(' ')} `));
  if (command === undefined) return isGroup ? undefined : 'there is no such command';
  try {
    const { positionals } = parseArgs({
      args: argv.slice(command.name.split(' ').length).filter((word) => word !== '...'),
      options: { ...command.options, help: { type: 'boolean' } },
      allowPositionals: true,
      strict: true,
    });
    const { operands, more = 0 } = command;
    const fits = positionals.length >= operands && positionals.length <= operands + more;
    if (fits || (named && positionals.length === 0)) return undefined;
    return `takes ${command.operands} operands, not ${positionals.length}`;
  } catch (error) {
    // `--tsig` alone names an option whose value goes without saying.
    if (named && /argument missing/.test(String(error))) return undefined;
    return (error as Error).message;
  }
}

/** The builder's commands, and those of its own options that may stand behind any. */
const letterboxKnows: readonly Known[] = program.commands.map((command) => ({
  name: command.name(),
  operands: command.registeredArguments.filter(({ required }) => required).length,
  more: command.registeredArguments.filter(({ required }) => !required).length,
  options: Object.fromEntries(
    [...command.options, ...program.options].map((option) => [
      option.name(),
      { type: option.isBoolean() ? 'boolean' : 'string' } as const,
    ]),
  ),
}));
