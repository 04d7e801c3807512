/** Has Packer bake at a cloud: what is missing is said before anything is started there, and what is started there is removed again. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Cloud } from '../../clouds/cloud.ts';
import type { PackerBuilder } from '../../clouds/packer-builder.ts';
import type { Compiled } from '../compile.ts';
import { chosenBuilder, sectionNeeded, sectionOf } from '../config/cloud-choice.ts';
import type { Report } from '../host/progress.ts';
import { RunError } from '../host/run.ts';
import { writeOutputs } from '../host/write.ts';
import { packerFlags } from '../outputs/packer/template.ts';
import { cacheDir, projectRoot } from '../paths.ts';
import { BakeError } from './bake-error.ts';
import { carryDownloads } from './download.ts';
import { packed } from './formats/index.ts';
import { downloadsDir } from './layers.ts';
import { nodeRuntime } from './node-runtime.ts';
import { hasPlugins, lastWords, runPacker, templateFolder } from './run-packer.ts';

/** The bake can't begin: one thing to mend first. */
export class CloudBakeError extends Error {
  override readonly name = 'CloudBakeError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Which builder is going to bake. @throws CloudBakeError where config, environment or Packer lack something for it */
export function readyBuilder(
  { config, lock }: Pick<Compiled, 'config' | 'lock'>,
  cloud: Cloud,
  environment: Environment,
  packer: readonly [number, number],
): PackerBuilder {
  const section = sectionOf(config, cloud);
  if (section === undefined)
    throw new CloudBakeError(`the config has no clouds.${cloud.name}: ${sectionNeeded(cloud)}`);
  const builder = chosenBuilder(cloud, section);
  if (builder.lays === 'steps' && lock !== undefined)
    throw new CloudBakeError(
      `${lock.file} can't be held to on ${cloud.title}: there the packages are those of the cloud's own image, and what its apt adds; bake here and import that, or remove the file`,
    );
  if (builder.lays === 'steps' && config.image.esmMirror !== undefined)
    throw new CloudBakeError(
      "image.esmMirror may want this machine's log-in, which goes to no cloud: bake here, or leave it out for this one",
    );
  const sets = builder.credentials.map((set) => set.map(({ env }) => env));
  if (!sets.some((set) => set.every((name) => (environment[name] ?? '') !== '')))
    throw new CloudBakeError(
      `${cloud.title} wants to know who you are: set ${sets.map((set) => set.join(' and ')).join(', or ')} in the environment`,
    );
  if (builder.debian === 'lacks' && !hasPlugins(packer))
    throw new CloudBakeError(
      `Packer ${packer.join('.')} has no builder ${builder.type}: install Packer 1.7 or newer, which fetches it`,
    );
  return builder;
}

export interface CloudBake {
  readonly compiled: Compiled;
  readonly cloud: Cloud;
  readonly builder: PackerBuilder;
  readonly out: string;
  /** The image that was baked here, where the builder lays a disk. */
  readonly image?: string;
  readonly report: Report;
}

/** Gives Packer's words for what it made there. @throws BakeError */
export async function bakeOnCloud({
  compiled,
  cloud,
  builder,
  out,
  image,
  report,
}: CloudBake): Promise<string[]> {
  const work = path.join(out, `bake-on-${cloud.name}`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true, mode: 0o700 });
  writeOutputs(out, [...compiled.imageFiles, ...compiled.cloudFiles]);
  const variables =
    image === undefined ? await stepFiles(compiled, out, report) : await diskFile(image, work);
  try {
    const folder = await templateFolder(path.join(out, 'packer', cloud.name), work);
    // A machine that is left running costs money: it is removed, whatever comes.
    const run = { folder, flags: packerFlags(variables), work, onError: 'cleanup', report } as const;
    const made = await runPacker(run);
    // Packer exits 0 where it found nothing to build.
    if (made.length === 0) throw new Error(`Packer made nothing: ${path.join(work, 'packer.log')}`);
    rmSync(work, { recursive: true, force: true });
    return made;
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    throw new BakeError(lastWords(work), {
      'whole log': path.join(work, 'packer.log'),
      'look there': `Packer removes its machine; see in ${cloud.title} whether ${builder.type} left one`,
    });
  }
}

async function stepFiles(
  { plan, release }: Compiled,
  out: string,
  report: Report,
): Promise<Readonly<Record<string, string>>> {
  await carryDownloads(plan.downloads, { out, kept: downloadsDir(), report });
  const node = await nodeRuntime(release, cacheDir);
  if (node !== undefined) copyFileSync(node, path.join(out, 'bake/node'));
  return { bake_dir: path.resolve(out, 'bake'), provision_dir: path.join(projectRoot, 'packer/provision') };
}

async function diskFile(image: string, work: string): Promise<Readonly<Record<string, string>>> {
  const disk = path.resolve(work, 'disk.raw.gz');
  await packed.gz.write({ file: image, format: 'qcow2' }, disk);
  return { disk, write_disk: path.join(projectRoot, 'packer/surrogate/write-disk.sh') };
}
