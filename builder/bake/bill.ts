/** Writes what is in a new image beside it: the bill of materials in two forms, and which file belongs to none of it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../compile.ts';
import { writeFileAtomically } from '../host/write.ts';
import { bundledLibraries } from '../plan/bundles.ts';
import { ofDownloads, ofLetterbox, ofNode, ofPackages } from '../trust/bill/components.ts';
import { billTexts } from '../trust/bill/documents.ts';
import { debName, parseStatus } from '../trust/bill/dpkg.ts';
import { type Ownership, ownership } from '../trust/bill/owners.ts';
import { version } from '../version.ts';
import { assembled } from './assemble.ts';
import { type Contents, readContents } from './contents.ts';
import { debDigests } from './deb-digests.ts';
import { digestOfText } from './digest.ts';
import { saidStatus } from './image-id.ts';
import type { Manifest, Written } from './manifest.ts';

export interface Bill {
  readonly files: Written;
  /** The day on which the newest package was made. */
  readonly packagesDate: string;
  /** Undefined where the bake can't look into its disk. */
  readonly owners: Ownership | undefined;
}

export interface BillRequest {
  readonly compiled: Pick<Compiled, 'plan' | 'release'>;
  readonly manifest: Manifest;
  /** The provisioned tree; undefined where a machine was booted for it, and said what it holds. */
  readonly tree: string | undefined;
  /** The folder of the base, and that of apt's archives. */
  readonly base: string;
  readonly debs: string;
  /** The bake's own, where its log is. */
  readonly work: string;
}

export async function writeBill(out: string, request: BillRequest): Promise<Bill> {
  const { compiled, manifest, tree, base, debs, work } = request;
  const { plan, release } = compiled;
  const contents = tree === undefined ? undefined : await readContents(tree, path.join(work, 'contents'));
  const { status, packagesDate, copyrightOf } =
    contents ?? saidStatus(readFileSync(path.join(work, 'packer.log'), 'utf8'));
  const packages = parseStatus(status);
  const digests = await debDigests(packages.map(debName), base, debs);
  const about = {
    origin: release.base.origin,
    release: release.name,
    copyrightOf,
    sha256Of: (deb: string) => digests[deb],
  };
  const components = [
    ...ofPackages(packages, about),
    ...ofDownloads(plan.downloads),
    ...ofNode(release.node),
    ...ofLetterbox(version, bundledLibraries()),
  ];
  const subject = {
    name: manifest.name,
    id: manifest.imageId ?? '',
    release: release.name,
    version,
    date: packagesDate,
    disks: manifest.files,
  };
  const owners = contents === undefined ? undefined : ownersOf(contents, request);
  const files: Record<string, { bytes: number; sha256: string }> = {};
  for (const [name, text] of Object.entries(billTexts(subject, components, owners))) {
    writeFileAtomically(path.join(out, name), text);
    files[name] = { bytes: Buffer.byteLength(text), sha256: digestOfText(text) };
  }
  return { files, packagesDate, owners };
}

function ownersOf(contents: Contents, { compiled, manifest }: BillRequest): Ownership {
  const paths = new Set(contents.files.map((file) => file.path));
  const later = assembled.filter((file) => !paths.has(file)).map((file) => ({ path: file }));
  const records = { ...contents, files: [...contents.files, ...later] };
  return ownership(records, {
    // Every file of the overlay is an input by its path.
    overlay: Object.keys(manifest.inputs).filter((name) => name.startsWith('/')),
    downloads: compiled.plan.downloads.map(({ to }) => to),
  });
}
