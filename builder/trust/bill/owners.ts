/** Which file of an image is whose: a package's, a download's, the overlay's, a tool's of the system, or nobody's. */
import { explained, type Unowned } from './reasons.ts';
import { alternativeLinks, divertedTo, keptByUcf } from './records.ts';
import { realPaths, type TreeFile } from './tree.ts';

/** A root file system as dpkg and its like know it. */
export interface Records {
  readonly files: readonly TreeFile[];
  /** `/var/lib/dpkg/info/*.list`, the text of each. */
  readonly lists: readonly string[];
  readonly diversions: string;
  /** `/var/lib/dpkg/alternatives/*`, by name. */
  readonly alternatives: Readonly<Record<string, string>>;
  /** `/var/lib/ucf/registry`; "" where there is none. */
  readonly ucf: string;
}

/** What the bake itself laid there. */
export interface Laid {
  /** Paths of the overlay's files. */
  readonly overlay: readonly string[];
  /** Folders that became of downloads. */
  readonly downloads: readonly string[];
}

/** How many files are whose; `none` are those of nobody, and each has its reason; `unknown` has none and should not be. */
export interface Ownership {
  readonly packages: number;
  readonly overlay: number;
  readonly downloads: number;
  readonly none: readonly Unowned[];
  readonly unknown: readonly string[];
}

export function ownership(records: Records, laid: Laid): Ownership {
  const real = realPaths(records.files);
  const set = (paths: readonly string[]) => new Set(paths.map(real));
  const overlay = set(laid.overlay);
  const packages = set([
    ...records.lists.flatMap((list) => list.split('\n')),
    ...divertedTo(records.diversions),
  ]);
  const links = set(
    Object.entries(records.alternatives).flatMap(([name, text]) => alternativeLinks(name, text)),
  );
  const ucf = set(keptByUcf(records.ucf));
  const all = new Set(records.files.map(({ path }) => path));
  const counts = { packages: 0, overlay: 0, downloads: 0 };
  const chosen: string[] = [];
  const kept: string[] = [];
  const left: TreeFile[] = [];
  for (const file of records.files) {
    const { path, target } = file;
    if (overlay.has(path)) counts.overlay += 1;
    else if (packages.has(path)) counts.packages += 1;
    else if (laid.downloads.some((folder) => path.startsWith(`${folder}/`))) counts.downloads += 1;
    else if (target !== undefined && links.has(path)) chosen.push(path);
    else if (ucf.has(path)) kept.push(path);
    else left.push(file);
  }
  const { known, unknown } = explained(left, (path) => all.has(path));
  const noted = [
    { why: 'a choice among packages, of update-alternatives', files: chosen.sort() },
    { why: 'a package’s settings, laid there by its script and kept by ucf', files: kept.sort() },
  ];
  return { ...counts, none: [...noted.filter(({ files }) => files.length > 0), ...known], unknown };
}
