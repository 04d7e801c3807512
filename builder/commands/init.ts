/** `letterbox init`: writes a first `box.yaml` from five questions, or from flags. It never overwrites a file. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { type CloudName, cloudNames } from '../../clouds/index.ts';
import { ConfigError, type Problem } from '../config/problem.ts';
import type { Terminal } from '../host/terminal.ts';
import { writeNewFile } from '../host/write.ts';
import { answerOf, filled, flags, type Given, judged, keys, readSshKeys } from './first-answers.ts';
import { hashPassword } from './password.ts';

/** As the command line has them. */
export interface InitFlags {
  readonly hostname?: string;
  readonly email?: string;
  /** Files, or lines. */
  readonly sshKey?: readonly string[];
  readonly cloud?: CloudName;
  readonly name?: string;
  readonly release?: string;
  readonly passwordStdin?: true;
}

export interface InitHands {
  /** Absent where nobody can be asked. */
  readonly terminal?: Pick<Terminal, 'ask' | 'say'> | undefined;
  readonly readPassword: () => Promise<string>;
  /** Where public keys are looked for. */
  readonly sshFolder?: string;
}

/** Writes `file`, a config that `letterbox check` takes. @throws ConfigError; then nothing was written */
export async function initConfig(file: string, asked: InitFlags, hands: InitHands): Promise<void> {
  refuseExisting(file);
  const { given, unread } = fromFlags(asked);
  const { terminal } = hands;
  const missing = terminal === undefined ? missingFlags(given, asked) : [];
  const problems = [...missing, ...unread, ...wrongFlags(given, file)];
  if (problems.length > 0) throw new ConfigError(problems);
  // At a terminal it is a question as the others.
  const password =
    asked.passwordStdin && terminal === undefined
      ? { passwordHash: await hashPassword(await hands.readPassword()) }
      : {};
  const known = { ...given, ...password };
  const all = terminal === undefined ? known : await askRest(known, file, terminal, hands.sshFolder);
  const last = judged(all, file);
  if (last.problems.length > 0) throw new ConfigError(last.problems);
  write(file, last.text, all.passwordHash === undefined ? 0o644 : 0o600);
}

function refuseExisting(file: string): void {
  if (lstatSync(file, { throwIfNoEntry: false }) !== undefined) throw exists(file);
}

const exists = (file: string) =>
  new ConfigError([
    {
      place: { file },
      key: '',
      rule: 'is there already',
      remedy: 'name another file, or check this one with `letterbox check`',
    },
  ]);

function write(file: string, text: string, mode: number): void {
  try {
    writeNewFile(file, text, mode);
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST' ? exists(file) : error;
  }
}

/** What they say, and what was wrong with files that they name. */
function fromFlags({ sshKey, passwordStdin: _, ...rest }: InitFlags): { given: Given; unread: Problem[] } {
  if (sshKey === undefined) return { given: rest, unread: [] };
  const unread: Problem[] = [];
  const sshKeys = sshKey.flatMap((one, index) => {
    try {
      return readSshKeys(one);
    } catch (error) {
      const [rule = '', remedy = ''] = (error as Error).message.split('; ');
      unread.push({ ...at('sshKeys', index), rule, remedy });
      return [];
    }
  });
  return { given: unread.length === 0 ? { ...rest, sshKeys } : rest, unread };
}

/** A flag is the place where people mend it. */
const at = (about: keyof Given, index?: number) => ({
  place: { file: flags[about] },
  key: index === undefined ? keys[about] : `${keys[about]}[${index}]`,
});

/** Only what was given can be wrong: the rest has stand-ins yet. */
function wrongFlags(given: Given, file: string): Problem[] {
  return judged(given, file).problems.flatMap((problem) => {
    const about = answerOf(problem);
    if (about === undefined || given[about] === undefined) return [];
    return [{ ...problem, place: at(about).place }];
  });
}

/** Who one box is can't be guessed: these have no default where nobody is asked. */
function missingFlags(given: Given, { sshKey, passwordStdin }: InitFlags): Problem[] {
  const examples = {
    hostname: 'box.example.com',
    email: 'me@example.com',
    sshKeys: `~/.ssh/id_ed25519.pub, or give a password with ${flags.passwordHash}`,
  };
  const needed = [
    'hostname',
    'email',
    ...((sshKey ?? passwordStdin) ? [] : ['sshKeys']),
  ] as (keyof typeof examples)[];
  return needed
    .filter((about) => given[about] === undefined)
    .map((about) => ({
      ...at(about),
      rule: 'is missing',
      remedy: `add it: ${flags[about]} ${examples[about]}`,
    }));
}

type Asked = Pick<Terminal, 'ask' | 'say'>;

/** Asks for what no flag gave. */
async function askRest(
  given: Given,
  file: string,
  terminal: Asked,
  sshFolder = path.join(homedir(), '.ssh'),
): Promise<Given> {
  let all = given;
  /** Until what was answered is no problem; an empty answer is the one in brackets. */
  const ask = async (about: keyof Given, words: string, usual: string, read: (line: string) => Given) => {
    while (all[about] === undefined) {
      const line = (await terminal.ask(`${words}${usual === '' ? '' : ` [${usual}]`}: `)).trim();
      try {
        const next = { ...all, ...read(line === '' ? usual : line) };
        const [wrong] = judged(next, file).problems.filter((problem) => answerOf(problem) === about);
        if (wrong === undefined) all = next;
        else terminal.say(`  ${wrong.rule}; ${wrong.remedy}`);
      } catch (error) {
        terminal.say(`  ${(error as Error).message}`);
      }
    }
  };
  await ask('hostname', "The box's own name", filled(all).hostname, (hostname) => ({ hostname }));
  await ask('email', 'Mail address of its administrator', filled(all).email, (email) => ({ email }));
  all = { ...all, ...(all.passwordHash === undefined ? await askPassword(terminal) : {}) };
  if (all.sshKeys === undefined) {
    const found = publicKeys(sshFolder);
    for (const [index, { name, line }] of found.entries())
      terminal.say(`  ${index + 1}  ${name}  ${shortKey(line)}`);
    const words = `Public ssh key that may log in as root: ${found.length > 0 ? 'a number, ' : ''}a file or the line itself`;
    await ask('sshKeys', words, found.length > 0 ? '1' : '', (line) => ({
      sshKeys: line === '' ? [] : [found[Number(line) - 1]?.line ?? readSshKeys(line)].flat(),
    }));
  }
  await ask('cloud', `Where it will run: ${cloudNames.join(', ')}`, filled(all).cloud, (cloud) => ({
    cloud: cloud as CloudName,
  }));
  return all;
}

async function askPassword(terminal: Asked): Promise<Given> {
  for (;;) {
    const typed = await terminal.ask('Its password, which is not shown (Enter: none yet): ', {
      hidden: true,
    });
    if (typed === '') return {};
    try {
      return { passwordHash: await hashPassword(typed) };
    } catch (error) {
      terminal.say(`  ${(error as Error).message}`);
    }
  }
}

/** The usual kind first. */
function publicKeys(folder: string): { name: string; line: string }[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pub'))
      .sort((a, b) => Number(b.includes('ed25519')) - Number(a.includes('ed25519')) || (a < b ? -1 : 1))
      .map((name) => ({ name, line: readFileSync(path.join(folder, name), 'utf8').trim() }))
      .filter(({ line }) => /^\S+ AAAA[^\n]*$/.test(line));
  } catch {
    return [];
  }
}

/** Its kind and its comment, which people know it by. */
function shortKey(line: string): string {
  const [type = '', , ...comment] = line.split(' ');
  return [type, ...comment].join(' ').replaceAll(/[^ -~]/g, '?');
}
