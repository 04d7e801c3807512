/** Turns a command line into a command and runs it: 0 well, 1 a failure, 2 a wrong command line. */
import { parseArgs } from 'node:util';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { readImage } from '../machine/settings-file.ts';
import { type Call, type Command, UsageError } from './command.ts';

/** The commands by the word that they begin with, in the order of the help: to load all of them takes longer than most need to run. */
const families: Readonly<Record<string, () => Promise<readonly Command[]>>> = {
  status: async () => [(await import('./status.ts')).statusCommand],
  account: async () => (await import('./account.ts')).accountCommands,
  alias: async () => (await import('./alias.ts')).aliasCommands,
  dns: async () => (await import('./dns/index.ts')).dnsCommands,
  tls: async () => (await import('./tls/index.ts')).tlsCommands,
  backup: async () => (await import('./backup.ts')).backupCommands,
  restore: async () => (await import('./restore.ts')).restoreCommands,
  upgrade: async () => (await import('./upgrade.ts')).upgradeCommands,
  'move-in': async () => (await import('./move-in.ts')).moveInCommands,
  ban: async () => (await import('./ban.ts')).banCommands,
  reports: async () => (await import('./reports.ts')).reportsCommands,
  token: async () => (await import('./token.ts')).tokenCommands,
  web: async () => (await import('./web.ts')).webCommands,
  init: async () => [(await import('./init.ts')).initCommand],
  ready: async () => [(await import('./ready.ts')).readyCommand],
  outdated: async () => [(await import('./outdated.ts')).outdatedCommand],
  watch: async () => [(await import('./watch.ts')).watchCommand],
  'outbound-tls': async () => [(await import('./outbound-tls.ts')).outboundTlsCommand],
  serve: async () => [(await import('./serve.ts')).serveCommand],
  keeper: async () => [(await import('./keeper.ts')).keeperCommand],
};

/** Every command there is, in the order of the help. */
export const allCommands = async (): Promise<readonly Command[]> =>
  (await Promise.all(Object.values(families).map((load) => load()))).flat();

export type Surroundings = Pick<
  Call,
  'machine' | 'say' | 'now' | 'askPassword' | 'readInput' | 'readBytes'
> & {
  readonly complain: (line: string) => void;
};

export async function runCommand(argv: readonly string[], around: Surroundings): Promise<number> {
  try {
    return await dispatch(argv, around);
  } catch (error) {
    if (error instanceof UsageError) {
      around.complain(`box: ${error.message}`);
      return 2;
    }
    const { code } = error as NodeJS.ErrnoException;
    if (error instanceof Failure) around.complain(`box: ${error.message} -> ${error.hint}`);
    else if (code === 'EACCES' || code === 'EPERM')
      around.complain(`box: ${(error as Error).message} -> run it as root`);
    else around.complain(`box: ${error instanceof Error ? error.stack : error} -> please report this fault`);
    return 1;
  }
}

async function dispatch(argv: readonly string[], around: Surroundings): Promise<number> {
  const [family = ''] = argv;
  const commands = Object.hasOwn(families, family) ? await families[family]?.() : undefined;
  // The first whose words the command line begins with is meant.
  const command = commands?.find(({ name }) => name.split(' ').every((word, i) => argv[i] === word));
  if (command === undefined) return noCommand(argv, around);
  const rest = argv.slice(command.name.split(' ').length);
  const { values, positionals } = parse(command, rest);
  if (values.help === true) {
    for (const line of helpOf(command)) around.say(line);
    return 0;
  }
  if (positionals.length !== command.operands.length) throw new UsageError(`usage: ${usageOf(command)}`);
  return command.run({ ...around, operands: positionals, options: values });
}

async function noCommand(
  [first, ...rest]: readonly string[],
  { machine, say }: Surroundings,
): Promise<number> {
  if (first === '--version') {
    say(await version(machine));
    return 0;
  }
  const commands = await allCommands();
  const known = commands.filter(({ name }) => name.startsWith(`${first} `));
  if (first === '--help' || first === 'help' || (known.length > 0 && rest[0] === '--help')) {
    say('usage: box COMMAND');
    for (const command of known.length > 0 ? known : commands)
      say(`  box ${command.name.padEnd(17)} ${command.summary}`);
    say('Each takes --help. box --version says which image this is.');
    return 0;
  }
  const wrong =
    first === undefined ? 'no command was given' : `there is no command ${[first, ...rest].join(' ')}`;
  throw new UsageError(`${wrong}; see box --help`);
}

function parse(command: Command, args: readonly string[]) {
  const options = { ...command.options, help: { type: 'boolean' } } as const;
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true }) as {
      values: Record<string, string | boolean | undefined>;
      positionals: string[];
    };
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('. ')[0]}; usage: ${usageOf(command)}`);
  }
}

async function version(machine: Machine): Promise<string> {
  const image = await readImage(machine);
  return `box ${image.version} (image ${image.name}, ${image.release})`;
}

function usageOf({ name, operands, options }: Command): string {
  const flags = Object.entries(options).map(
    ([flag, { type }]) => `[--${flag}${type === 'string' ? ' VALUE' : ''}]`,
  );
  return ['box', name, ...operands, ...flags].join(' ');
}

function helpOf(command: Command): string[] {
  const flags = Object.entries(command.optionHelp).map(([flag, text]) => `  --${flag.padEnd(9)} ${text}`);
  return [`usage: ${usageOf(command)}`, command.summary, ...flags];
}
