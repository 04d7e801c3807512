/** `letterbox verify --rebuild`: bakes an image once more, of nothing but packages and the config, and holds the two against each other. */
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { some } from '../bake/base/cache.ts';
import { bakeImage } from '../bake/image.ts';
import { downloadsDir, findLayers } from '../bake/layers.ts';
import { allWritten, type Manifest, readManifest } from '../bake/manifest.ts';
import type { Compiled } from '../compile.ts';
import type { Progress } from '../host/progress.ts';
import { cacheDir } from '../paths.ts';
import { cyclonedxFile } from '../trust/bill/files.ts';
import { fileDifferences, packageDifferences } from './differences.ts';
import { readDisk } from './disk-files.ts';
import type { Verdict, Wrong } from './verdict.ts';

export interface Rebuild {
  /** The folder of the image. */
  readonly dir: string;
  readonly compiled: Compiled;
  readonly progress: Progress;
}

/** How many paths are named. */
const most = 20;

export async function rebuild({ dir, compiled, progress }: Rebuild): Promise<Verdict> {
  const manifest = readManifest(dir);
  const file = path.join(dir, 'manifest.json');
  const wrong = (rule: string, remedy: string) => only({ file, rule, remedy });
  if (manifest === undefined) return wrong('is missing', 'name the folder of an image, out/<name>');
  if (manifest.inputs.builder !== 'native')
    return wrong(
      'is of an image that a machine was booted for, and no second one writes the same bytes',
      `bake it without --with packer`,
    );
  const changed = await changedInputs(compiled, manifest);
  if (changed.length > 0)
    return wrong(
      `has other inputs than this config and this Letterbox: ${few(changed)}`,
      'take the project, the config and the box.lock of that bake',
    );

  const again = path.join(dir, 'rebuild');
  rmSync(again, { recursive: true, force: true });
  const cache = await ownCache(again);
  await bakeImage(compiled, again, progress, 'native', { cache });
  const found = await held(dir, again, manifest);
  if (found.wrong.length === 0) rmSync(again, { recursive: true, force: true });
  return found;
}

/** Names of the inputs that are others. The base has its own name by where its packages come from, too; what is in it is seen by itself. */
async function changedInputs(compiled: Compiled, { inputs }: Manifest): Promise<string[]> {
  const wanted = (await findLayers(compiled, 'native')).inputs;
  return [...new Set([...Object.keys(inputs), ...Object.keys(wanted)])]
    .filter((name) => name !== 'base tree' && inputs[name] !== wanted[name])
    .sort();
}

/** What came from elsewhere is taken from the cache, since its digest is looked at; nothing that was made here. */
async function ownCache(again: string): Promise<string> {
  const cache = path.join(again, 'cache');
  await mkdir(cache, { recursive: true });
  for (const fetched of [path.join(cacheDir, 'debs'), downloadsDir(), path.join(cacheDir, 'node')]) {
    await mkdir(fetched, { recursive: true });
    symlinkSync(fetched, path.join(cache, path.basename(fetched)));
  }
  return cache;
}

async function held(dir: string, again: string, manifest: Manifest): Promise<Verdict> {
  const [before, after] = [allWritten(manifest), allWritten(readManifest(again) ?? { files: {} })];
  const others = Object.keys(before).filter((name) => before[name]?.sha256 !== after[name]?.sha256);
  if (others.length === 0)
    return {
      checked: [
        `rebuild: baked again of the same packages, with a base of its own; the same bytes of ${Object.keys(before).join(', ')}`,
      ],
      notChecked: [],
      wrong: [],
    };
  const remedy = `both are kept: ${dir} and ${again}`;
  const of = (folder: string) => purlsOf(path.join(folder, cyclonedxFile));
  const packages = packageDifferences(of(dir), of(again));
  if (packages.length > 0)
    return only({
      file: path.join(dir, cyclonedxFile),
      rule: `the archive has other packages by now: ${few(packages)}`,
      remedy: 'bake by a lock (letterbox lock), from an archive that keeps what it names (image.mirror)',
    });
  const image = `${manifest.name}.qcow2`;
  const disks = [];
  for (const [place, folder] of [dir, again].entries())
    disks.push(await readDisk(path.join(folder, image), path.join(again, `look-${place}`)));
  const [one, two] = disks;
  const paths = one === undefined || two === undefined ? [] : fileDifferences(one, two);
  const told = paths.length > 0 ? few(paths) : 'the same files, written to the disk or to the file otherwise';
  return only({
    file: path.join(dir, others[0] ?? image),
    rule: `does not come of its inputs (${others.join(', ')}): ${told}`,
    remedy,
  });
}

const only = (one: Wrong): Verdict => ({ checked: [], notChecked: [], wrong: [one] });

const few = (names: readonly string[]) => some(names, most);

function purlsOf(bill: string): string[] {
  const { components } = JSON.parse(readFileSync(bill, 'utf8')) as { components: { purl: string }[] };
  return components.map(({ purl }) => purl);
}
