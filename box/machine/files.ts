/**
 * The files of the machine. Only `Machine` is made of this, and the rest of the program sees only that.
 *
 * A file is written beside its place, flushed, and renamed over it, so that a power cut leaves the old file
 * or the new one and never half of one. A root prefix makes the whole program run against a directory in unit
 * tests. In the storage root folders of other users lie, and `others-folders.ts` says how root looks into them.
 */
import { constants } from 'node:fs';
import {
  access,
  type FileHandle,
  lstat,
  mkdir,
  open,
  readdir,
  readlink,
  realpath,
  rename,
  rm,
  symlink,
  unlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { clearly } from './failed-write.ts';
import { Failure } from './failure.ts';
import { careful, type HeldPlace, holding, readPlain } from './others-folders.ts';
import { paths } from './paths.ts';
import { beginTemporary, isLeftOver } from './temporary-names.ts';
import { orUndefined, unlessThere } from './there-or-not.ts';
import { wholeText } from './whole-text.ts';

export interface Access {
  readonly mode: number;
  /** Names, looked up on the machine; `root` where absent. */
  readonly owner?: string;
  readonly group?: string;
}
export interface Directory extends Access {
  readonly path: string;
}
export interface File extends Directory {
  readonly text: string;
  /** Where the file is no text: each character stands for one byte. */
  readonly encoding?: 'latin1';
}
export class Files {
  readonly #ids = new Map<string, number>();

  /** @param storage where the storage root lies, if it is another than the box's own */
  constructor(
    protected readonly root: string,
    private readonly storage?: string,
  ) {}

  /** Where a path of the box really lies. */
  at(path: string): string {
    if (this.storage !== undefined && (path === paths.storage || path.startsWith(`${paths.storage}/`)))
      return this.root + this.storage + path.slice(paths.storage.length);
    return this.root + path;
  }

  /** Works at a path; in the storage root only where no link leads elsewhere. Outside of it all folders are root's. */
  protected async held<T>(path: string, work: (held: HeldPlace) => Promise<T>): Promise<T> {
    if (!path.startsWith(`${paths.storage}/`)) return work({ place: this.at(path), ours: true });
    return holding((await realpath(this.at(paths.storage))) + path.slice(paths.storage.length), work);
  }

  /** The file's text; undefined where there is none. @throws Failure where the storage root has no plain file there */
  async read(path: string, encoding: 'utf8' | 'latin1' = 'utf8'): Promise<string | undefined> {
    if (!path.startsWith(`${paths.storage}/`)) return orUndefined(wholeText(this.at(path), encoding));
    return orUndefined(this.held(path, async (held) => (await readPlain(path, held)).toString(encoding)));
  }

  async exists(path: string): Promise<boolean> {
    return (await orUndefined(this.held(path, ({ place }) => lstat(place)))) !== undefined;
  }

  /** Names in a directory, sorted; none where there is no directory. */
  async list(path: string): Promise<string[]> {
    return ((await orUndefined(readdir(this.at(path)))) ?? []).sort();
  }

  /** Where a link leads; undefined where there is none, or something else. */
  async linkTarget(path: string): Promise<string | undefined> {
    return orUndefined(this.held(path, ({ place }) => readlink(place))).catch((error) => {
      if (error.code === 'EINVAL') return undefined;
      throw error;
    });
  }

  /** Whether the file is there with this text, mode and owner. */
  async holds(file: File): Promise<boolean> {
    return (await this.read(file.path, file.encoding)) === file.text && (await this.isOwned(file));
  }

  /** Whether something is there with this mode and owner. A symbolic link never is. */
  async isOwned(it: Directory): Promise<boolean> {
    const found = await orUndefined(this.held(it.path, ({ place }) => lstat(place)));
    if (found === undefined || found.isSymbolicLink()) return false;
    const [uid, gid] = await this.ids(it);
    return (found.mode & 0o7777) === it.mode && found.uid === uid && found.gid === gid;
  }

  /** Writes the whole file durably, or not at all. */
  async put(file: File): Promise<void> {
    await this.#replace(file.path, async (fresh) => {
      const handle = await open(fresh, 'wx', 0o600);
      try {
        await handle.writeFile(file.text, file.encoding);
        await this.#own(handle, file);
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
  }

  /** The same, unless the file holds it already. Says whether it was written. */
  async putChanged(file: File): Promise<boolean> {
    if (await this.holds(file)) return false;
    await this.put(file);
    return true;
  }

  /** Makes or repoints a symbolic link. */
  async link(path: string, target: string): Promise<void> {
    await this.#replace(path, (fresh) => symlink(target, fresh));
  }

  /** Sets mode and owner of the file or folder that is there, without following a link. */
  async own(it: Directory): Promise<void> {
    await clearly(it.path, () => this.held(it.path, (held) => this.#take(it, held)));
  }

  /**
   * Makes the directory where it is missing, and sets its mode and owner. Whatever else another user put in its place is
   * set aside; in a folder of root's own that is for its owner to decide.
   */
  async putDirectory(it: Directory): Promise<void> {
    if (!(await this.exists(it.path))) await this.#makeDirectory(it.path);
    await clearly(it.path, async () => {
      const isFolder = await this.held(it.path, async (held) => {
        const found = (await lstat(held.place)).isDirectory();
        if (found || held.ours) await this.#take(it, held, constants.O_DIRECTORY);
        return found || held.ours;
      });
      if (isFolder) return;
      await this.setAside(it.path);
      await this.#makeDirectory(it.path);
      await this.held(it.path, (held) => this.#take(it, held, constants.O_DIRECTORY));
    });
  }

  async #makeDirectory(path: string): Promise<void> {
    if (!(await this.exists(dirname(path)))) await this.#makeDirectory(dirname(path));
    await clearly(path, async () => {
      await this.held(path, ({ place }) => mkdir(place, { mode: 0o700 }).catch(unlessThere));
      await syncDirectory(dirname(this.at(path)));
    });
  }

  /** Renames a damaged file, so that nothing is destroyed. Gives its new path. */
  async setAside(path: string): Promise<string> {
    const ending = `.damaged-${Date.now()}`;
    await clearly(path, async () => {
      await this.held(path, ({ place }) => rename(place, place + ending));
      await syncDirectory(dirname(this.at(path)));
    });
    return path + ending;
  }

  /** Puts a file that is whole in the place of another on the same file system. */
  async moveOver(fresh: string, path: string): Promise<void> {
    await clearly(path, async () => {
      await this.held(fresh, (from) => this.held(path, (to) => rename(from.place, to.place)));
      await syncDirectory(dirname(this.at(path)));
    });
  }

  async remove(path: string): Promise<void> {
    await clearly(path, async () => void (await orUndefined(this.held(path, ({ place }) => unlink(place)))));
  }

  /** Removes the temporary files that a power cut, or a program that was killed, left in these directories. */
  async sweep(directories: readonly string[]): Promise<void> {
    const boot = (await this.read(paths.bootId)) ?? '';
    for (const directory of directories) {
      for (const name of await this.list(directory)) {
        if (isLeftOver(name, boot)) await this.#removeLeftOver(join(directory, name));
      }
    }
  }

  /** A folder of such a name is none of ours: whoever may write there has made it. */
  async #removeLeftOver(path: string): Promise<void> {
    const isFolder = await orUndefined(
      this.held(path, async ({ place }) => (await lstat(place)).isDirectory()),
    );
    if (isFolder === false) await this.remove(path);
  }

  async isReadOnly(path: string): Promise<boolean> {
    // Where a newer kernel found the file system damaged it is still mounted as one to write to.
    const mounts = ((await this.read(paths.mounts)) ?? '').split('\n').map((line) => line.split(' '));
    const places = mounts.filter(([, , , , place = '/']) =>
      `${path}/`.startsWith(place.replace(/\/?$/, '/')),
    );
    const nearest = places.sort(([, , , , a = ''], [, , , , b = '']) => a.length - b.length).at(-1);
    if (nearest?.at(-1)?.split(',').includes('emergency_ro')) return true;
    return access(this.at(path), constants.W_OK).then(
      () => false,
      (error) => error.code === 'EROFS',
    );
  }

  /** Each writer has a file of its own beside the place: of those that write at once, the last is what lies there, whole. */
  async #replace(path: string, make: (fresh: string) => Promise<void>): Promise<void> {
    const temporary = beginTemporary(basename(path), (await this.read(paths.bootId)) ?? '');
    await clearly(path, async () => {
      try {
        await this.held(path, async ({ place }) => {
          const fresh = join(dirname(place), temporary.name);
          try {
            await make(fresh);
            await rename(fresh, place);
          } catch (error) {
            await rm(fresh, { force: true }).catch(() => undefined);
            throw error;
          }
        });
      } finally {
        temporary.end();
      }
      await syncDirectory(dirname(this.at(path)));
    });
  }

  async #take(it: Directory, { place, ours }: HeldPlace, flags = 0): Promise<void> {
    const handle = await open(place, careful | flags);
    try {
      const found = await handle.stat();
      // A second name of a file: whoever has only the first must not be given it with the second.
      const isOthers = !ours && found.isFile() && found.nlink > 1;
      if (isOthers || !(found.isFile() || found.isDirectory()))
        throw new Failure(
          `${it.path} is neither a folder nor a file of its own`,
          'remove what lies there, then: box init',
        );
      await this.#own(handle, it);
    } finally {
      await handle.close();
    }
  }

  async #own(handle: FileHandle, it: Access): Promise<void> {
    const [uid, gid] = await this.ids(it);
    const now = await handle.stat();
    if (now.uid !== uid || now.gid !== gid) await handle.chown(uid, gid);
    await handle.chmod(it.mode);
  }

  /** Numbers of owner and group. */
  protected async ids(it: Access): Promise<[uid: number, gid: number]> {
    return [
      await this.#id(paths.users, it.owner ?? 'root'),
      await this.#id(paths.groups, it.group ?? 'root'),
    ];
  }

  async #id(database: string, name: string): Promise<number> {
    const known = this.#ids.get(`${database} ${name}`);
    if (known !== undefined) return known;
    const lines = ((await this.read(database)) ?? '').split('\n');
    const id = lines.map((line) => line.split(':')).find(([first]) => first === name)?.[2];
    if (id === undefined)
      throw new Failure(`${database} has no ${name}`, 'bake the image again: a package is missing');
    this.#ids.set(`${database} ${name}`, Number(id));
    return Number(id);
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
