/** What `box move-in` was told to take: a storage root or a backup with its key, in a folder of this machine or on another host. Pure. */
import { resolve } from 'node:path';
import { rsyncTargetPattern } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';
import { paths } from '../../machine/paths.ts';
import { type Remote, targetOf } from '../../storage/backup/target.ts';

export interface Source {
  /** A folder of this machine, or another host's. */
  readonly from: string | Remote;
  /** As it is told again. */
  readonly name: string;
  /** The file with the key of the backup that lies there; absent where the storage root itself does. */
  readonly key?: string;
}

/** @throws Failure for what is neither a folder nor another host in the words of a backup's target */
export function sourceOf(given: string, key: string | undefined): Source {
  const text = given.trim();
  const named = key === undefined ? {} : { key: resolve(key) };
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):\/\//.exec(text)?.[1];
  if (scheme === undefined) return { from: resolve(given), name: resolve(given), ...named };
  if (scheme !== 'rsync')
    throw new Failure(
      `${scheme}:// is nothing that a box moves in from`,
      'name a folder, or rsync://USER@HOST/PATH; what lies elsewhere is fetched into a folder by that one’s own tools first',
    );
  // With its port, a number that is one, and no way up.
  const target = rsyncTargetPattern.test(text) ? targetIn(text) : undefined;
  if (target === undefined)
    throw new Failure(
      `${text} names no folder of another host`,
      `it is rsync://USER@HOST/PATH or rsync://USER@HOST:PORT/PATH (letters, digits, and . _ - in each part), such as rsync://root@box.example.com/${paths.storage}`,
    );
  return { from: target, name: text, ...named };
}

function targetIn(text: string): Remote | undefined {
  try {
    const target = targetOf({ target: text });
    return target.kind === 'rsync' ? target : undefined;
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
