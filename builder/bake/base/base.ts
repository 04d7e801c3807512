/** The base: every package of the plan, as a root file system and, for Packer, as a bootable disk. Made once for the same inputs. */
import { existsSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { BootstrapBase, CloudImageBase, Release } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { run } from '../../host/run.ts';
import { lockText } from '../../lock/lock.ts';
import type { ReadLock } from '../../lock/read.ts';
import { debName, parseStatus } from '../../trust/bill/dpkg.ts';
import { assemble, assemblers } from '../assemble.ts';
import { debDigests } from '../deb-digests.ts';
import { digest, digestsOf } from '../digest.ts';
import { type Archive, inArchive } from './archive.ts';
import { bootstrap, findSources, readBootstrapFiles } from './bootstrap.ts';
import { findLayer, type Layer, makeLayer } from './cache.ts';
import { cloudImage } from './cloud-image.ts';
import { checkAvailable, checkInstalled } from './hold.ts';
import { type Source, sourcesList } from './sources.ts';

export interface BaseRequest {
  readonly release: Release;
  /** Every package of the plan; a cloud image gets them in the bake instead. */
  readonly packages: readonly string[];
  /** The distribution's package mirror; without it the build host's own apt sources are used. */
  readonly mirror?: string;
  /** What the packages are held to; without one they are what the archive has. */
  readonly lock?: ReadLock;
  /** Bytes, as the box sees the disk. */
  readonly diskSize: number;
  readonly cacheDir: string;
}

/** A layer, and how to make it where it is not there yet. */
export interface Stage {
  readonly layer: Layer;
  readonly make: (report: Report) => Promise<void>;
}

/** The root file system with all packages. */
export async function baseTree(base: BootstrapBase, request: BaseRequest): Promise<Stage> {
  const { release, cacheDir, lock } = request;
  const folder = path.resolve(cacheDir, 'base');
  const packages = [...new Set(request.packages)].sort();
  const sources = await findSources(base, request.mirror);
  const files = readBootstrapFiles();
  const others = {
    'apt sources': JSON.stringify([sources, base.components, base.keyring]),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, digest(text)])),
    ...lockInput(lock),
  };
  const layer = findLayer('base tree', folder, 'root.tar', { release: release.name, packages, others });
  const debFolder = path.resolve(cacheDir, 'debs');
  const make = async (report: Report) => {
    if (lock !== undefined && !layer.hit) {
      report('looking whether the archive has what the lock names', 0.01);
      await inArchiveOf(base, sources, request, ({ offers }) => checkAvailable(lock, offers));
    }
    await makeLayer(layer, async (file, workFolder) => {
      const log = path.join(path.dirname(file), 'bootstrap.log');
      try {
        await bootstrap({ base, packages, sources, files, lock, debFolder, workFolder, log, report }, file);
        if (lock !== undefined) await checkTree(lock, file, debFolder);
      } catch (error) {
        const kept = path.join(folder, 'failed.log');
        if (!existsSync(log)) throw error;
        renameSync(log, kept);
        throw new Error(`${whatFailed(error, readFileSync(kept, 'utf8'))}\nThe whole log is in ${kept}`, {
          cause: error,
        });
      }
    });
  };
  return { layer, make };
}

/** The lock as an input: the first digits of the SHA-256 of its file as `letterbox lock` writes it. Nothing where there is none. */
export const lockInput = (lock: ReadLock | undefined): Readonly<Record<string, string>> =>
  lock === undefined ? {} : { lock: digest(lockText(lock)) };

/** Looks into the archive from which a base is made. */
export const inArchiveOf = <T>(
  base: BootstrapBase,
  sources: readonly Source[],
  { cacheDir, release }: Pick<BaseRequest, 'cacheDir' | 'release'>,
  use: (archive: Archive) => T | Promise<T>,
): Promise<T> => inArchive(sourcesList(base, sources), path.join(cacheDir, 'archive', release.name), use);

async function checkTree(lock: ReadLock, tree: string, debFolder: string): Promise<void> {
  // The first of its name: tar then reads no further.
  const status = await run(['tar', '--occurrence=1', '-xOf', tree, './var/lib/dpkg/status']);
  const names = parseStatus(status).map(debName);
  checkInstalled(lock, status, await debDigests(names, path.dirname(tree), debFolder));
}

/** A disk of that, which Packer boots. */
export function baseDisk(tree: Layer, { release, diskSize, cacheDir }: BaseRequest): Stage {
  const others = {
    'base tree': tree.hash,
    'disk size': String(diskSize),
    ...digestsOf(assemblers),
  };
  const layer = diskLayer(cacheDir, release.name, others);
  const make = async (report: Report) =>
    makeLayer(layer, async (file, workFolder) => {
      report('assembling the base disk', 0.96);
      const log = path.join(path.dirname(file), 'assemble.log');
      await assemble({ tree: tree.file, size: diskSize, place: path.join(workFolder, 'place'), log }, file);
    });
  return { layer, make };
}

/** A vendor's disk. */
export function vendorDisk(base: CloudImageBase, { release, diskSize, cacheDir }: BaseRequest): Stage {
  const others = { 'disk size': String(diskSize), url: base.url, 'SHA-256': base.sha256 };
  const layer = diskLayer(cacheDir, release.name, others);
  const make = async (report: Report) =>
    makeLayer(layer, (file) =>
      cloudImage(base, { diskSize, downloads: path.join(cacheDir, 'downloads'), report }, file),
    );
  return { layer, make };
}

function diskLayer(cacheDir: string, release: string, others: Record<string, string>): Layer {
  const folder = path.resolve(cacheDir, 'base-disk');
  return findLayer('base disk', folder, 'base.qcow2', { release, packages: [], others });
}

/** apt's own first complaint where there is one, else what a script said last: what follows in the log is mmdebstrap giving up. */
export function whatFailed(error: unknown, log: string): string {
  const before = log.split(/^E: (?:setup failed|mmdebstrap failed)/m)[0] ?? '';
  const complaint =
    /^E: (.*)$/m.exec(before)?.[1] ??
    before
      .split('\n')
      .filter((line) => line.trim() !== '' && !/^([IW]: |' exec )/.test(line))
      .slice(-2)
      .join('; ');
  if (complaint !== '') return `the base tree could not be made: ${complaint}`;
  return error instanceof Error ? error.message : String(error);
}
