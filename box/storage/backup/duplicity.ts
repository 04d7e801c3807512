/** Runs duplicity, and says in the owner's words why it could not do it. */
import { createHash } from 'node:crypto';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { openStore } from './stores/open.ts';
import type { Bucket, DavFolder } from './stores/store.ts';
import { isStore, optionsOf, type Place, urlOf } from './target.ts';

export interface Asked {
  /** `full`, `incremental`, `restore`... */
  readonly action: string;
  /** What comes before the two places. */
  readonly options?: readonly string[];
  readonly target: Place;
  /** The folder that is copied; or, with `to`, the one that is filled or compared. */
  readonly from?: string;
  readonly to?: string;
  /** Exit codes that are no failure. */
  readonly fine?: readonly number[];
  readonly until?: AbortSignal | undefined;
}

/** Gives what it said. @throws Failure */
export async function duplicity(machine: Machine, asked: Asked): Promise<string> {
  const { target } = asked;
  if (target.kind === 'foreign') return run(machine, asked, urlOf(target), [], target.key);
  if (!isStore(target)) return run(machine, asked, urlOf(target), optionsOf(target));
  const { openDoor } = await import('./stores/door.ts');
  const door = await openDoor(await openStore(machine, target));
  try {
    await machine.put({ path: paths.backupDoor, mode: 0o600, text: `${door.password}\n` });
    return await run(machine, asked, door.url, ['--name', nameOf(target)]).catch((error) => {
      // It knows a number, and the door the reason.
      throw isUnexplained(error) ? (door.problem() ?? error) : error;
    });
  } finally {
    await machine.remove(paths.backupDoor);
    await door.close();
  }
}

/** Of what duplicity knows about a store: by itself it takes the address, and the door has another port each time. */
const nameOf = ({ kind, host, port, path, ...rest }: Bucket | DavFolder) =>
  createHash('sha256')
    .update(JSON.stringify([kind, host, port, 'bucket' in rest ? rest.bucket : '', path]))
    .digest('hex')
    .slice(0, 32);

async function run(
  machine: Machine,
  asked: Asked,
  url: string,
  toTarget: readonly string[],
  foreignKey?: string,
): Promise<string> {
  const { action, options = [], from, to, fine = [0], until } = asked;
  // What a power cut left is in the way of nothing, but takes room.
  await machine.removeTree(paths.backupWork);
  for (const cache of await machine.list(paths.backupCache))
    for (const name of await machine.list(`${paths.backupCache}/${cache}`))
      if (name.endsWith('-tempdir')) await machine.removeTree(`${paths.backupCache}/${cache}/${name}`);
  await machine.putDirectory({ path: paths.backupWork, mode: 0o700 });
  const places = [from, url, to].filter((place) => place !== undefined);
  const argv = [
    paths.duplicity,
    ...(foreignKey === undefined ? [] : ['--key', machine.at(foreignKey)]),
    action,
    '--verbosity',
    'warning',
    '--archive-dir',
    // What it learns of another box's backups goes with the run.
    foreignKey === undefined ? paths.backupCache : `${paths.backupWork}/cache`,
    '--tempdir',
    paths.backupWork,
    // One word: duplicity 3 takes a second one that begins so for an option of its own.
    '--gpg-options=--cipher-algo=AES256',
    ...options,
    ...toTarget,
    ...places,
  ];
  try {
    const { code, out, err } = await machine.patiently(argv, until);
    if (fine.includes(code)) return `${out}${err}`;
    throw explained(action, `${out}\n${err}`, code);
  } finally {
    // gpg's helper ends with its folder.
    await machine.removeTree(paths.gpgHome);
    await machine.removeTree(paths.backupWork);
  }
}

const reasons = [
  {
    why: 'no key',
    words: /first line is too short/,
    what: `${paths.backupKey} holds no key`,
    hint: 'put the key of these backups there, all of the file',
  },
  {
    why: 'another key',
    words: /Bad session key|decryption failed|GPGError|GnuPG exited non-zero/i,
    what: `these backups were not made with the key in ${paths.backupKey}`,
    hint: 'put the secret_key.txt of the box that made them there, then try again',
  },
  {
    why: 'full',
    words: /No space left on device/i,
    what: 'the disk is full',
    hint: 'free some room or grow the disk, then try again',
  },
  {
    why: 'not let in',
    words: /Permission denied \((?!13\))|publickey/i,
    what: 'the other host does not let this box in',
    hint: `add the line of ${paths.backupSshKey}.pub to the user’s authorized_keys there`,
  },
  {
    why: 'another host',
    words: /Host key verification failed|IDENTIFICATION HAS CHANGED/i,
    what: 'the other host shows another key than before',
    hint: `if that is right, remove its line from ${paths.backupKnownHosts}`,
  },
  {
    why: 'unreachable',
    words:
      /Could not resolve hostname|Connection (refused|timed out|closed|reset)|No route to host|unreachable|Timeout, server|unexpectedly closed/i,
    what: 'the other host can’t be reached',
    hint: 'is it on, and is its name right? Then: box backup run',
  },
  {
    why: 'no backup',
    words: /No backup chains|No (signature )?backups? (chains )?found|found no backup/i,
    what: 'there is no backup at the target',
    hint: 'see: box backup list',
  },
  {
    why: 'busy',
    words: /Unable to locate (a )?lockfile|another duplicity instance|running instance/i,
    what: 'another backup is at work',
    hint: 'wait for it to end',
  },
] as const;
export type Why = (typeof reasons)[number]['why'];

/** A known cause, by which a caller may know a better remedy. */
export class Explained extends Failure {
  constructor(
    message: string,
    hint: string,
    readonly why: Why,
  ) {
    super(message, hint);
  }
}

/** The known causes in our words, any other in duplicity's. */
export function explained(action: string, said: string, code: number): Failure {
  const known = reasons.find(({ words }) => words.test(said));
  if (known !== undefined) return new Explained(known.what, known.hint, known.why);
  const words = said
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('Traceback') && !line.startsWith('File "'))
    .slice(-3)
    .join('; ');
  return new Unexplained(
    `duplicity ${action}: ${words || `exit code ${code}`}`,
    'see its documentation, or report it',
  );
}

/** In duplicity's own words: nothing outside of it is known to be at fault. */
class Unexplained extends Failure {}
export const isUnexplained = (error: unknown) => error instanceof Unexplained;
