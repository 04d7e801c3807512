/** The backup that a new box begins with: its key and login, which its owner brings, the host that has it, and that it was taken up. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import type { Settings } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import type { Login } from './stores/store.ts';
import { needsLogin, type Place, type Remote, targetOf } from './target.ts';

export type Wanted = NonNullable<Settings['restore']>;

/** Undefined: it needs none, or it was not brought yet. */
const readLogin = async (machine: Machine): Promise<Login | undefined> =>
  loginIn((await machine.read(paths.restoreLogin)) ?? '');

/** What opens a store, as its owner brings it: a line with the user or the id of the key, and one with the password or key. */
function loginIn(text: string): Login | undefined {
  const [user = '', password = '', ...more] = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const isOne = user !== '' && password !== '' && more.every((line) => line === '');
  return isOne && text.length <= 2_000 ? { user, password } : undefined;
}

/** Puts it where it stays until the state is here. @throws Failure for what is none */
export async function bringLogin(machine: Machine, given: string): Promise<void> {
  const login = loginIn(given);
  if (login === undefined)
    throw new Failure(
      'what was given is no login: it is two lines, the user or the id of the key, and the password or key',
      'box restore login < FILE, or type the two lines and then Ctrl-D',
    );
  await machine.putDirectory({ path: paths.backup, mode: 0o700 });
  await machine.put({ path: paths.restoreLogin, mode: 0o600, text: `${login.user}\n${login.password}\n` });
}

export class LoginIsMissing extends Failure {}

/** @throws Failure for a target that only looks like one; LoginIsMissing where a store waits for what opens it */
export async function sourceOf(machine: Machine, { from }: Wanted): Promise<Place> {
  const isStored = needsLogin(from);
  const login = isStored ? await readLogin(machine) : undefined;
  if (isStored && login === undefined)
    throw new LoginIsMissing('what opens the storage is not here yet', 'bring it: box restore login');
  const target = targetOf({ target: from, ...(login && { login }) });
  if (target.kind === 'off') throw new Failure('box.restore names no backup', 'name one');
  return target.kind === 'rsync' ? { ...target, pinned: true } : target;
}

/** For people. */
export const nameOf = ({ from }: Wanted) => (from === 'local' ? paths.backupFiles : from);

/** For ssh, which knows another port by brackets. Whoever else shows a key for that name is somebody else. */
export async function trustHost(
  machine: Machine,
  { host, port }: Remote,
  { hostKey = '' }: Wanted,
): Promise<void> {
  const [type, key] = hostKey.split(' ');
  const text = `${port === 22 ? host : `[${host}]:${port}`} ${type} ${key}\n`;
  await machine.putChanged({ path: paths.backupKnownHosts, mode: 0o600, text });
}

/** Of its file only the first line counts, as for duplicity; a file that went through Windows is the same one. */
const keyPattern = /^[A-Za-z0-9+/]{43,}={0,2}$/;

/** What counts of such a file; undefined: it is none. */
export function keyIn(text: string): string | undefined {
  const first =
    text
      .replace(/^\uFEFF/, '')
      .split('\n')[0]
      ?.trim() ?? '';
  return keyPattern.test(first) && text.length <= 65_536 ? first : undefined;
}

export const hasKey = async (machine: Machine): Promise<boolean> =>
  keyIn((await machine.read(paths.backupKey)) ?? '') !== undefined;

/** Puts the key where this box has its own from then on. @throws Failure for what is no such file */
export async function bringKey(machine: Machine, given: string): Promise<void> {
  const text = given.replace(/^\uFEFF/, '').replaceAll('\r', '');
  if (keyIn(text) === undefined)
    throw new Failure(
      'what was given is no key of backups: its first line must be 43 or more letters, digits, + and /',
      'give the whole of the old box’s backup/secret_key.txt: box restore key < secret_key.txt',
    );
  await machine.putDirectory({ path: paths.backup, mode: 0o700 });
  await machine.put({ path: paths.backupKey, mode: 0o600, text });
}

/** Not the host’s key, which may change without the backup being another one. */
const essence = ({ from, time }: Wanted) => ({ from, ...(time === undefined ? {} : { time }) });
const noteSchema = z.object({ from: z.string(), time: z.string().optional(), at: z.string() });

/** It lies on the storage root, and in no backup: a box that is made of this one's begins anew. */
export async function note(machine: Machine, wanted: Wanted, at: Date): Promise<void> {
  const text = `${JSON.stringify({ ...essence(wanted), at: at.toISOString() })}\n`;
  await machine.put({ path: paths.firstRestore, mode: 0o600, text });
}

/** Whether this backup, and no other, was taken up here. */
export async function isNoted(machine: Machine, wanted: Wanted): Promise<boolean> {
  try {
    const { at: _, ...noted } = noteSchema.parse(JSON.parse((await machine.read(paths.firstRestore)) ?? ''));
    return isDeepStrictEqual(noted, essence(wanted));
  } catch {
    return false;
  }
}
