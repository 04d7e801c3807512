/** Folders as a whole: unpacked beside their place, and put in the place of another in one step. Part of `Machine`. */
import { constants } from 'node:fs';
import { chown, lstat, mkdir, open, rename, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from './failure.ts';
import { type Directory, Files } from './files.ts';
import { emptyFolder, freshName, openPlain } from './others-folders.ts';

export type TreeEntry =
  | { readonly kind: 'folder'; readonly path: string }
  | { readonly kind: 'file'; readonly path: string; readonly content: AsyncIterable<Buffer> };

export class Trees extends Files {
  /** Which file lies there now, and how long it is: a log that was rotated is another one. */
  async identity(path: string): Promise<{ readonly file: number; readonly size: number } | undefined> {
    return this.held(path, ({ place }) => lstat(place)).then(
      ({ ino, size }) => ({ file: ino, size }),
      () => undefined,
    );
  }

  /** When the file was written last; undefined where there is none. */
  async changed(path: string): Promise<Date | undefined> {
    return this.held(path, ({ place }) => lstat(place)).then(
      ({ mtime }) => mtime,
      () => undefined,
    );
  }

  /** The bytes of a plain file, from a place on. @throws Failure where it is none */
  async *chunks(path: string, from = 0): AsyncGenerator<Buffer> {
    const handle = await this.held(path, (held) => openPlain(path, { ...held, ours: false })).catch(
      (error) => {
        if (error instanceof Failure) throw error;
        throw new Failure(`${path} can't be read: ${error.code}`, 'is it a file?');
      },
    );
    try {
      for (let at = from; ; ) {
        const { bytesRead, buffer } = await handle.read(Buffer.alloc(65_536), 0, 65_536, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        yield buffer.subarray(0, bytesRead);
      }
    } finally {
      await handle.close();
    }
  }

  /**
   * Fills a folder that must not be there yet, and that only root enters until it is whole. Paths of entries are
   * plain and below it: whoever gives them has checked. Gives the number of files.
   */
  async putTree(it: Directory, entries: AsyncIterable<TreeEntry>): Promise<number> {
    const root = this.at(it.path);
    const [uid, gid] = await this.ids(it);
    await mkdir(root, { mode: 0o700 });
    const made = new Set<string>(['.']);
    const makeFolder = async (folder: string): Promise<void> => {
      if (made.has(folder)) return;
      await makeFolder(dirname(folder));
      await mkdir(join(root, folder), { mode: 0o700 });
      await chown(join(root, folder), uid, gid);
      await setMode(join(root, folder), it.mode);
      made.add(folder);
    };
    let files = 0;
    for await (const entry of entries) {
      try {
        if (entry.kind === 'folder') await makeFolder(entry.path);
        else {
          await makeFolder(dirname(entry.path));
          const handle = await open(join(root, entry.path), 'wx', 0o600);
          try {
            for await (const part of entry.content) await handle.write(part);
            await handle.chown(uid, gid);
            await handle.chmod(it.mode & 0o666);
          } finally {
            await handle.close();
          }
          files++;
        }
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        if (code === 'EEXIST' || code === 'ENOTDIR')
          throw new Failure(`${entry.path} is there twice`, 'name each file once');
        if (code === 'ENOSPC' || code === 'EDQUOT')
          throw new Failure('the disk is full', 'free some room or grow the disk');
        throw error;
      }
    }
    return files;
  }

  /**
   * Takes a folder out of everybody's reach, to `.removed` beside it, and removes it there. What an earlier removal left
   * there when the power went is removed too.
   */
  async removeTree(path: string): Promise<void> {
    if (!(await this.exists(path))) return;
    const bin = `${dirname(path)}/.removed`;
    await this.putDirectory({ path: bin, mode: 0o700 });
    await this.held(path, ({ place }) => this.held(bin, (to) => rename(place, freshName(to.place))));
    await this.held(bin, async ({ place }) => {
      await emptyFolder(place);
      await rmdir(place);
    });
  }

  async isFolder(path: string): Promise<boolean> {
    return this.held(path, ({ place }) => lstat(place)).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** Not a link to one either. */
  async isPlainFile(path: string): Promise<boolean> {
    return this.held(path, ({ place }) => lstat(place)).then(
      (found) => found.isFile(),
      () => false,
    );
  }
}

async function setMode(path: string, mode: number): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    await handle.chmod(mode);
  } finally {
    await handle.close();
  }
}
