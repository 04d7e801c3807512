/** Bakes the image: base, bake, export. Says of each layer why it was made or kept. */
import { copyFileSync, mkdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { dayPattern } from '../../contract/trust/manifest.ts';
import type { Builder } from '../../releases/release.ts';
import type { Compiled } from '../compile.ts';
import { alone } from '../host/alone.ts';
import type { Progress } from '../host/progress.ts';
import { writeOutputs } from '../host/write.ts';
import { cacheDir } from '../paths.ts';
import type { SecretKey } from '../trust/secret-key.ts';
import { version } from '../version.ts';
import { assemble } from './assemble.ts';
import type { Layer } from './base/cache.ts';
import { certify, certifyKept } from './certify.ts';
import { carryDownloads } from './download.ts';
import { exportFormats } from './export.ts';
import { imageId } from './image-id.ts';
import { downloadsDir, findLayers, makeTree, toMake } from './layers.ts';
import { whyBake } from './manifest.ts';
import { emptyWork } from './native.ts';
import { nodeRuntime } from './node-runtime.ts';
import { packerBuild } from './packer.ts';

/** What became of one layer. */
export interface LayerNews {
  readonly title: string;
  readonly what: 'made' | 'kept' | 'not needed';
  /** Why, by the names of the inputs. */
  readonly reason: string;
  readonly file: string;
}

export interface Baked {
  /** The qcow2. */
  readonly image: string;
  /** From the lowest. */
  readonly layers: readonly LayerNews[];
}

/** Expected seconds of the bake's steps on 2 cores without KVM, in order. */
export function bakeSteps(builder: Builder): { base: number; bake: number; export: number } {
  return { base: 150, bake: builder === 'native' ? 20 : 175, export: 8 };
}

/** What bakes: what was asked for, else what the config says, else what the release prefers. @throws where that can't be */
export function builderOf(
  { config, release }: Pick<Compiled, 'config' | 'release'>,
  asked?: Builder,
): Builder {
  const builder = asked ?? config.image.builder ?? release.builders[0];
  if (release.builders.includes(builder)) return builder;
  throw new Error(
    `${release.name} is baked by ${release.builders.join(' or ')} only: leave out --with ${builder}`,
  );
}

export interface Besides {
  /** Whose name the image is to bear. */
  readonly signer?: SecretKey | undefined;
  /** Where the layers below it lie, or will. */
  readonly cache?: string;
}

/** @throws BakeError, FolderBusy */
export function bakeImage(
  compiled: Compiled,
  out: string,
  progress: Progress,
  builder = builderOf(compiled),
  { signer, cache = cacheDir }: Besides = {},
): Promise<Baked> {
  return alone(out, () => baked(compiled, out, progress, builder, { signer, cache }));
}

async function baked(
  compiled: Compiled,
  out: string,
  progress: Progress,
  builder: Builder,
  { signer, cache }: Besides & { cache: string },
): Promise<Baked> {
  const { plan, release, config } = compiled;
  writeOutputs(out, compiled.imageFiles);
  const { bases, tree, inputs } = await findLayers(compiled, builder, cache);
  const image = path.join(out, `${plan.name}.qcow2`);
  const why = whyBake(out, inputs);
  const all = [...bases.map(({ layer }) => layer), ...(tree === undefined ? [] : [tree])];
  const making = new Set(toMake(all, why !== undefined));
  const news = all.map((layer) => newsOf(layer, making));
  const expected = bakeSteps(builder);
  const work = path.join(out, 'bake-work');
  const disk = path.join(work, 'disk', `${plan.name}.qcow2`);

  await progress.step({
    title: 'base',
    expected: expected.base,
    run: async (report) => {
      // First: what can't be had is known before minutes of work.
      if (why !== undefined && (tree === undefined || making.has(tree)))
        await carryDownloads(plan.downloads, { out, kept: downloadsDir(cache), report });
      for (const { layer, make } of bases) if (making.has(layer)) await make(report);
    },
    note: () => wordsOf(news.slice(0, bases.length)),
  });
  await progress.step({
    title: 'bake',
    expected: expected.bake,
    run: async (report) => {
      if (why === undefined) return;
      const node = await nodeRuntime(release, cache);
      if (node !== undefined) copyFileSync(node, path.join(out, 'bake/node'));
      const build = { compiled, base: all[bases.length - 1]?.file ?? '', out, work, report };
      if (tree === undefined) return packerBuild(build);
      if (making.has(tree)) await makeTree(tree, build);
      else emptyWork(work);
      report('assembling the disk', 0.7);
      mkdirSync(path.dirname(disk), { recursive: true });
      const log = path.join(work, 'assemble.log');
      await assemble(
        { tree: tree.file, size: config.image.diskSize, place: path.join(work, 'place'), log },
        disk,
      );
    },
    note: () => why ?? 'cached, nothing changed',
  });
  await progress.step({
    title: 'export',
    expected: expected.export,
    run: async (report) => {
      if (why === undefined) return certifyKept(out, signer);
      const files = await exportFormats(disk, out, config, report);
      const { name } = plan;
      const id = await imageId(tree, work);
      const manifest = { name, version, release: plan.release, imageId: id, inputs, files };
      report('writing what is in it', 0.9);
      // What writes it takes longer to load than most commands run.
      const { writeBill } = await import('./bill.ts');
      const {
        files: bills,
        packagesDate,
        owners,
      } = await writeBill(out, {
        compiled,
        manifest,
        tree: tree?.file,
        base: path.dirname(bases[0]?.layer.file ?? ''),
        debs: path.join(cache, 'debs'),
        work,
      });
      for (const file of owners?.unknown ?? [])
        progress.notice(`${file} belongs to no package, and nothing says why`);
      const dated = dayPattern.test(packagesDate) ? { packagesDate } : {};
      await certify(out, { ...manifest, ...dated, bills }, signer);
      rmSync(work, { recursive: true, force: true });
    },
    note: () => `${image} (${(statSync(image).size / 1024 ** 2).toFixed(0)} MiB)`,
  });
  const itself = { title: 'image', what: why === undefined ? 'kept' : 'made', file: image } as const;
  return { image, layers: [...news, { ...itself, reason: why ?? 'nothing changed' }] };
}

function newsOf(layer: Layer, making: ReadonlySet<Layer>): LayerNews {
  const { title, file, hit, reason } = layer;
  if (hit) return { title, what: 'kept', reason, file };
  if (making.has(layer)) return { title, what: 'made', reason, file };
  return { title, what: 'not needed', reason: 'what is above it is there', file };
}

/** One line of them: what was made, or that nothing was. */
function wordsOf(news: readonly LayerNews[]): string {
  const told = news.filter(({ what }) => what === 'made');
  const { what = 'kept', reason = '' } = told[0] ?? news.at(-1) ?? {};
  return `${what === 'kept' ? 'cached' : what}, ${reason}`;
}
