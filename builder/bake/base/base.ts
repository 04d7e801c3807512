/** The base disk: bootable, with every package of the plan. Made once for the same inputs, then found in the cache. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import path from 'node:path';
import type { Release } from '../../../releases/release.ts';
import type { Report } from '../../host/progress.ts';
import { bootstrap, findSources, readBootstrapFiles } from './bootstrap.ts';
import { type Base, cachedDisk } from './cache.ts';
import { cloudImage } from './cloud-image.ts';

export interface BaseRequest {
  readonly release: Release;
  /** Every package of the plan; a cloud image gets them in the bake instead. */
  readonly packages: readonly string[];
  /** The distribution's package mirror; without it the build host's own apt sources are used. */
  readonly mirror?: string;
  /** Bytes, as the box sees the disk. */
  readonly diskSize: number;
  readonly cacheDir: string;
  readonly onProgress?: Report;
}

/** Gives the base disk for this request, made now or found in the cache, and says why. */
export async function makeBase(request: BaseRequest): Promise<Base> {
  const { release, cacheDir, diskSize, onProgress: report = () => {} } = request;
  const { base } = release;
  const folder = path.resolve(cacheDir, 'base');
  if (base.kind === 'cloud-image') {
    const others = { 'disk size': String(diskSize), url: base.url, 'SHA-256': base.sha256 };
    return cachedDisk(folder, { release: release.name, packages: [], others }, (file) =>
      cloudImage(base, { diskSize, downloads: path.join(cacheDir, 'downloads'), report }, file),
    );
  }
  const packages = [...new Set(request.packages)].sort();
  const sources = await findSources(base, request.mirror);
  const files = readBootstrapFiles();
  const others = {
    'disk size': String(diskSize),
    'apt sources': JSON.stringify([sources, base.components, base.keyring]),
    ...Object.fromEntries(Object.entries(files).map(([name, text]) => [name, digest(text)])),
  };
  return cachedDisk(folder, { release: release.name, packages, others }, async (file, workFolder) => {
    const log = path.join(path.dirname(file), 'bootstrap.log');
    try {
      const debFolder = path.resolve(cacheDir, 'debs');
      await bootstrap({ base, packages, sources, files, diskSize, debFolder, workFolder, log, report }, file);
    } catch (error) {
      const kept = path.join(folder, 'failed.log');
      if (!existsSync(log)) throw error;
      renameSync(log, kept);
      throw new Error(`${whatFailed(error)}\nThe whole log is in ${kept}`, { cause: error });
    }
  });
}

/** apt's own first complaint where there is one: what follows it in the log is mmdebstrap giving up. */
function whatFailed(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const complaint = /^E: (.*)$/m.exec(message)?.[1];
  return complaint === undefined ? message : `the base disk could not be made: ${complaint}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
