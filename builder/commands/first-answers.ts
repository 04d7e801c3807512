/** What `letterbox init` is told, by flags or by answers: read, filled up, and judged by the rules of `box.yaml`. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { type CloudName, usualCloud } from '../../clouds/index.ts';
import { releases } from '../../releases/index.ts';
import { parseConfig } from '../config/load.ts';
import { ConfigError, type Problem } from '../config/problem.ts';
import { configSchema } from '../config/schema.ts';
import { type FirstConfig, firstConfig } from '../outputs/first-config.ts';

/** Each as it was given. */
export interface Given {
  readonly hostname?: string;
  readonly email?: string;
  readonly passwordHash?: string;
  readonly sshKeys?: readonly string[];
  readonly cloud?: CloudName;
  readonly name?: string;
  readonly release?: string;
}

/** The key of `box.yaml` that each is about. */
export const keys = {
  hostname: 'box.hostname',
  email: 'box.admin.email',
  passwordHash: 'box.admin.passwordHash',
  sshKeys: 'box.sshKeys',
  cloud: 'cloud',
  name: 'name',
  release: 'release',
} as const satisfies Record<keyof Given, string>;

/** The flag that gives it where no terminal is there to ask at. */
export const flags = {
  hostname: '--hostname',
  email: '--email',
  passwordHash: '--password-stdin',
  sshKeys: '--ssh-key',
  cloud: '--cloud',
  name: '--name',
  release: '--release',
} as const satisfies Record<keyof Given, string>;

/** What stands in for an answer that has not come yet, and is offered for it. */
const example = { hostname: 'box.example.com', account: 'me' } as const;

/** The newest release that its makers still mend. */
export const usualRelease =
  [...releases.values()].filter(({ supportEnded }) => supportEnded === undefined).at(-1)?.name ?? '';

/** A whole config: what was not given follows from what was. */
export function filled(given: Given): FirstConfig {
  const hostname = given.hostname ?? example.hostname;
  const { passwordHash } = given;
  return {
    name: given.name ?? nameFor(hostname),
    release: given.release ?? usualRelease,
    cloud: given.cloud ?? usualCloud,
    hostname,
    email: given.email ?? `${example.account}@${domainOf(hostname)}`,
    ...(passwordHash === undefined ? {} : { passwordHash }),
    sshKeys: given.sshKeys ?? [],
  };
}

/** The text of it, and all that is wrong with it. */
export function judged(given: Given, file: string): { text: string; problems: readonly Problem[] } {
  const text = firstConfig(filled(given));
  try {
    parseConfig(text, file);
    return { text, problems: [] };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text, problems: error.problems };
  }
}

/** Which of the answers a problem is about. */
export function answerOf({ key }: Problem): keyof Given | undefined {
  const about = Object.entries(keys).find(([, own]) => key === own || key.startsWith(`${own}[`));
  return about?.[0] as keyof Given | undefined;
}

/** The keys in a file, or the one that was given as a line. @throws Error as rule and remedy */
export function readSshKeys(given: string): string[] {
  if (/^\S+ AAAA/.test(given)) return [given];
  const file = given.replace(/^~(?=\/)/, homedir());
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const rule = code === 'ENOENT' ? 'there is no such file' : `can't be read (${code ?? message})`;
    throw new Error(`${rule}; name a public key, for example ~/.ssh/id_ed25519.pub`);
  }
  if (text.includes('PRIVATE KEY'))
    throw new Error('is a private key, which stays where it is; name the file beside it that ends in .pub');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const found = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (found.length === 0)
    throw new Error('has no key in it; name a public key, for example ~/.ssh/id_ed25519.pub');
  return found;
}

const domainOf = (hostname: string) =>
  hostname.split('.').length > 2 ? hostname.slice(hostname.indexOf('.') + 1) : hostname;

/** `example` for `box.example.com`. */
function nameFor(hostname: string): string {
  const [name] = domainOf(hostname).split('.');
  return configSchema.shape.name.safeParse(name).success && name !== undefined ? name : 'box';
}
