/** The log-in for an archive that is sold: the one that the build host's own apt has for it, as apt of 2014 reads it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../host/run.ts';

export interface AptLogin {
  readonly login: string;
  readonly password: string;
}

/** Apt's file of log-ins can't be read, or holds one that can't be handed on. */
export class AptLoginError extends Error {
  override readonly name = 'AptLoginError';
}

/** What apt in the bake is given to read; without a log-in where this machine's apt has none for the address. @throws AptLoginError */
export async function aptLoginFor(uri: string): Promise<string> {
  const said = await run([
    'apt-config',
    'shell',
    'FILE',
    'Dir::Etc::netrc/f',
    'PARTS',
    'Dir::Etc::netrcparts/d',
  ]);
  const [file, parts] = ['FILE', 'PARTS'].map((name) => new RegExp(`^${name}='(.*)'$`, 'm').exec(said)?.[1]);
  for (const name of [...(file === undefined ? [] : [file]), ...partsIn(parts)]) {
    const found = existsSync(name) ? findLogin(read(name), uri) : undefined;
    if (found !== undefined) return netrc(uri, found);
  }
  return '# no log-in\n';
}

/** `*.conf`, in the order in which apt reads them. */
function partsIn(folder: string | undefined): string[] {
  if (folder === undefined || !existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => /^[\w.-]+\.conf$/.test(name));
  return names.sort().map((name) => path.join(folder, name));
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new AptLoginError(
      `${file} can't be read (${code}), and it may hold the log-in for image.esmMirror: bake as a user who may read it, ` +
        'or name a file of your own as Dir::Etc::netrc in a file that APT_CONFIG names',
    );
  }
}

/**
 * The first entry of a text that is for the address, by apt_auth.conf(5): `machine [PROTOCOL://]HOST[:PORT][/PATH]`, where one
 * without a protocol is for https alone. Undefined where there is none.
 */
export function findLogin(text: string, uri: string): AptLogin | undefined {
  const entry = entriesOf(text).find(({ machine }) => isFor(machine, new URL(uri)));
  if (entry?.login === undefined || entry.password === undefined) return undefined;
  return { login: entry.login, password: entry.password };
}

/** Words by twos. There are no comments: a word that means nothing is passed over. */
function entriesOf(text: string): ({ readonly machine: string } & Partial<AptLogin>)[] {
  const entries: Partial<Record<'machine' | 'login' | 'password', string>>[] = [];
  const words = text.split(/\s+/).values();
  for (const word of words) {
    if (word === 'machine') entries.push({ machine: words.next().value ?? '' });
    else if (word === 'login' || word === 'password')
      Object.assign(entries.at(-1) ?? {}, { [word]: words.next().value ?? '' });
  }
  return entries.map(({ machine = '', ...rest }) => ({ machine, ...rest }));
}

function isFor(token: string, { protocol, hostname, port, pathname }: URL): boolean {
  const [, ownProtocol = 'https:', place = ''] = /^(?:([a-z+]+:)\/\/)?(.*)$/.exec(token) ?? [];
  if (ownProtocol !== protocol) return false;
  const slash = place.indexOf('/');
  const host = slash === -1 ? place : place.slice(0, slash);
  if (host !== hostname && (port === '' || host !== `${hostname}:${port}`)) return false;
  // What apt asks for lies below the address.
  return slash === -1 || `${pathname.replace(/\/+$/, '')}/`.startsWith(place.slice(slash));
}

/**
 * One entry, as apt 1.0.1 reads it (its netrc.cc): a host without a port, and with a path whatever begins with it. With the path,
 * since by the host alone it would tell another archive of that host the password too.
 */
export function netrc(uri: string, { login, password }: AptLogin): string {
  const { hostname, pathname } = new URL(uri);
  return `machine ${hostname}${pathname.replace(/\/+$/, '')}/ login ${login} password ${password}\n`;
}
