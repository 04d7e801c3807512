/**
 * Root's hands in folders that other users own, where each name may become another thing between two looks: a folder is
 * held by a descriptor, what is named in it is opened without following a link, and only plain files of a sane length are
 * read. Only `files.ts` and `trees.ts` use this.
 *
 * Node.js has no openat(2): `/proc/self/fd/N/NAME` is the same, the kernel's own link to the folder that N is (proc(5)).
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open, readdir, readlink, rename, rmdir, unlink } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { Failure } from './failure.ts';

/** open(2): a descriptor that only names; Node.js has no constant for it. */
const O_PATH = 0o10000000;
/** A pipe must not make root wait, nor a link lead it, nor a terminal become its own. */
export const careful = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

/** The longest of the box's own files, a zone of many names, is a tenth of that. */
const longestFile = 33_554_432;

export interface HeldPlace {
  /** Leads to the name in the folder that is held, wherever that folder is moved to. */
  readonly place: string;
  /** The folder is ours alone: what lies in it is our own doing, links too. */
  readonly ours: boolean;
}

/**
 * Does something at a path while the folder that it lies in is held.
 * @param place without a link in it, but for its last name
 * @throws Failure where one of its folders is a link; ENOENT where there is none
 */
export async function holding<T>(place: string, work: (held: HeldPlace) => Promise<T>): Promise<T> {
  const folder = await open(dirname(place), O_PATH | constants.O_DIRECTORY);
  try {
    const found = await readlink(`/proc/self/fd/${folder.fd}`);
    if (found !== dirname(place))
      throw new Failure(
        `${dirname(place)} leads to ${JSON.stringify(found)}`,
        'remove that link, or put the folder itself in its place',
      );
    const { uid, mode } = await folder.stat();
    const ours = (uid === 0 || uid === process.geteuid?.()) && (mode & 0o022) === 0;
    return await work({ place: `/proc/self/fd/${folder.fd}/${basename(place)}`, ours });
  } finally {
    await folder.close();
  }
}

/** Opens a plain file. @param path what it is called in the error @throws Failure for anything else that is there */
export async function openPlain(path: string, { place, ours }: HeldPlace): Promise<FileHandle> {
  const handle = await open(place, ours ? careful & ~constants.O_NOFOLLOW : careful).catch((error) => {
    // A link, or a socket.
    throw error.code === 'ELOOP' || error.code === 'ENXIO' ? notPlain(path) : error;
  });
  if ((await handle.stat()).isFile()) return handle;
  await handle.close();
  throw notPlain(path);
}

/** The whole of a plain file. @throws Failure for anything else, and for what is too long to be the box's */
export async function readPlain(path: string, held: HeldPlace): Promise<Buffer> {
  const handle = await openPlain(path, held);
  try {
    const { size } = await handle.stat();
    if (size > longestFile)
      throw new Failure(`${path} is longer than ${longestFile / 1_048_576} MiB`, 'remove it, then: box init');
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export const notPlain = (path: string) =>
  new Failure(`${path} is no plain file`, 'remove what lies there, then: box init');

/**
 * Empties a folder that nobody else can enter. A folder in it is not walked through, since somebody may still be at work
 * deep in it: what it holds is lifted up here first, however deep it is, and a link is never followed.
 */
export async function emptyFolder(bin: string): Promise<void> {
  for (;;) {
    // As bytes: not every name is UTF-8.
    const names = await readdir(bin, { encoding: 'buffer' });
    if (names.length === 0) return;
    for (const name of names) {
      const place = Buffer.concat([Buffer.from(`${bin}/`), name]);
      if (!(await isUnlinked(place))) await liftContents(place, bin);
    }
  }
}

async function liftContents(place: Buffer, bin: string): Promise<void> {
  const folder = await open(place, careful | constants.O_DIRECTORY);
  try {
    const held = `/proc/self/fd/${folder.fd}`;
    for (const name of await readdir(held, { encoding: 'buffer' })) {
      const child = Buffer.concat([Buffer.from(`${held}/`), name]);
      if (!(await isUnlinked(child))) await unlessGone(rename(child, freshName(bin)));
    }
  } finally {
    await folder.close();
  }
  await rmdir(place).catch((error) => {
    // Somebody put something in: the next round takes it.
    if (error.code !== 'ENOTEMPTY') throw error;
  });
}

export const freshName = (bin: string) => `${bin}/${randomBytes(8).toString('hex')}`;

/** False for a folder. */
async function isUnlinked(place: Buffer): Promise<boolean> {
  return unlink(place).then(
    () => true,
    (error) => {
      if (error.code === 'EISDIR') return false;
      if (error.code === 'ENOENT') return true;
      throw error;
    },
  );
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
}
