/** A Mail-in-a-Box's storage root as it lies on this machine, and what each subject says of it. Nothing of it is ever changed. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

/** Migrations of Mail-in-a-Box (mailinabox.version) that are understood: v0.18 of 2016 to v75. */
export const oldest = 10;
export const newest = 15;

export interface OldBox {
  /** Where it lies. */
  readonly folder: string;
  /** This machine, but with the old storage root as its own. To read only. */
  readonly machine: Machine;
  readonly version: number;
  /** The same with nothing but a copy of the accounts, as they will be. */
  readonly accounts: Machine;
  /** Whether the settings' account was one of them, was added to them, or can't be, since it is an alias there. */
  readonly admin: Admin;
}
export type Admin = 'old' | 'added' | 'alias';

/** What is known of one subject before anything is done. */
export interface Found {
  /** What comes, in one line; absent where there is nothing of it. */
  readonly comes?: string;
  /** What does not come, or is not as it was: what, and why or what to do. */
  readonly stays?: readonly string[];
  /** What keeps all of it from being done. */
  readonly problems?: readonly Failure[];
}

/** Where the storage root lies that `box move-in` was told. @throws Failure where it is none, or none that is understood */
export async function readVersion(machine: Machine, folder: string): Promise<number> {
  if (folder === paths.storage || paths.storage.startsWith(`${folder.replace(/\/$/, '')}/`))
    throw new Failure(`${folder} is this box’s own`, 'name the folder with the old box’s storage root');
  if (folder.startsWith(`${paths.storage}/`) && !folder.startsWith(`${paths.backup}/`))
    throw new Failure(
      `${folder} lies in the storage root, and would be in the next backup`,
      `put it below ${paths.backup}, or on a disk of its own`,
    );
  if (!(await machine.isFolder(folder)))
    throw new Failure(`${folder} is no folder`, 'name the folder with the old box’s storage root');
  const old = machine.withStorage(folder);
  const text = await old.read(paths.storageVersion);
  if (text === undefined) throw isNoRoot(folder);
  return versionIn(text, folder);
}

export const isNoRoot = (whose: string) =>
  new Failure(
    `${whose} has no mailinabox.version`,
    'it is the storage root itself that is wanted: on the old box /home/user-data, unless STORAGE_ROOT in /etc/mailinabox.conf says otherwise',
  );

/** @throws Failure for one that is not understood, of whatever is called so */
export function versionIn(given: string, whose: string): number {
  const text = given.trim();
  const version = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  if (version >= oldest && version <= newest) return version;
  throw new Failure(
    `${whose}/mailinabox.version says ${JSON.stringify(text.slice(0, 20))}; ${oldest} to ${newest} are understood`,
    version < oldest
      ? 'bring the old box to v0.18 or newer first'
      : 'move in with a newer image, which knows it',
  );
}

/** The same failure, which names the file of the old box: its reader has the box's own paths. */
export function ofTheOldBox(folder: string, error: unknown): Failure {
  if (!(error instanceof Failure)) throw error;
  return new Failure(
    error.message.replaceAll(paths.storage, folder),
    error.hint.replaceAll(paths.storage, folder),
  );
}

/** `1 account`, `2 accounts`. */
export const counted = (count: number, what: string, many = `${what}s`) =>
  `${count} ${count === 1 ? what : many}`;
