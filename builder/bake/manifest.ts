/** `manifest.json` beside the image: what it was made from, and whether another bake would make the same. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../host/write.ts';
import { some } from './base/cache.ts';
import type { Digests } from './inputs.ts';

/** Files beside a manifest, by their names. */
export type Written = Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;

export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** As the box knows itself: `box status` shows it. */
  readonly imageId?: string | undefined;
  /** The day on which the newest of its packages was made. Absent in an image of before it was told. */
  readonly packagesDate?: string | undefined;
  /** Digest of every input by its name: equal inputs mean that the image need not be baked again. */
  readonly inputs: Digests;
  /** The disks. */
  readonly files: Written;
  /** What says what is in them. An image of before there were bills has none. */
  readonly bills?: Written | undefined;
}

/** All that a bake writes of an image, and has a manifest tell of. */
export const allWritten = ({ files, bills }: Pick<Manifest, 'files' | 'bills'>): Written => ({
  ...files,
  ...bills,
});

export function writeManifest(out: string, manifest: Manifest): void {
  writeFileAtomically(path.join(out, 'manifest.json'), manifestText(manifest));
}

export const manifestText = (manifest: Manifest) => `${JSON.stringify(manifest, null, 2)}\n`;

/** Nothing where no image was made. */
export function readManifest(out: string): Manifest | undefined {
  const file = path.join(out, 'manifest.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Manifest) : undefined;
}

/** Why the image must be baked, in words; undefined when what lies there is what would come out. */
export function whyBake(out: string, inputs: Digests): string | undefined {
  const manifest = readManifest(out);
  if (manifest === undefined) return 'no image yet';
  const names = [...new Set([...Object.keys(inputs), ...Object.keys(manifest.inputs)])].sort();
  const changed = names.filter((name) => manifest.inputs[name] !== inputs[name]);
  if (changed.length > 0) return `changed: ${some(changed)}`;
  const missing = Object.entries(allWritten(manifest)).filter(
    ([name, { bytes }]) => !existsSync(path.join(out, name)) || statSync(path.join(out, name)).size !== bytes,
  );
  if (missing.length > 0) return `missing or cut short: ${missing.map(([name]) => name).join(', ')}`;
  return manifest.bills === undefined ? 'it has no bill of materials yet' : undefined;
}
