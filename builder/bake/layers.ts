/** The layers below an image: the base, and for a bake without a boot the provisioned tree. Looks them up; nothing is made here. */
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Builder } from '../../releases/release.ts';
import type { Compiled } from '../compile.ts';
import { cacheDir } from '../paths.ts';
import { assemblers } from './assemble.ts';
import { type BaseRequest, baseDisk, baseTree, lockInput, type Stage, vendorDisk } from './base/base.ts';
import { findLayer, type Layer, makeLayer } from './base/cache.ts';
import { digestsOf } from './digest.ts';
import { bakeInputs, type Digests } from './inputs.ts';
import { type NativeBuild, nativeBuild } from './native.ts';

/** What came from elsewhere, by its SHA-256. */
export const downloadsDir = (cache = cacheDir) => path.join(cache, 'downloads');

export interface Layers {
  /** From the lowest. */
  readonly bases: readonly Stage[];
  /** The provisioned tree, where nothing is booted for it. */
  readonly tree?: Layer;
  /** What decides what the image is. */
  readonly inputs: Digests;
}

export async function findLayers(compiled: Compiled, builder: Builder, cache = cacheDir): Promise<Layers> {
  const { config, release, plan, lock } = compiled;
  const bases = await findBases(compiled, builder, cache);
  const base = bases.at(-1)?.layer;
  if (base === undefined) throw new Error(`${release.name} has no base`);
  const below = { ...(await bakeInputs(compiled, builder)), [base.title]: base.hash };
  // The base is named by it already; here it has its own name, for the manifest and the provenance.
  const inputs = { ...below, ...lockInput(lock), builder, formats: config.image.formats.join(' ') };
  if (builder === 'packer') return { bases, inputs };
  const folder = path.join(cache, 'tree', plan.name);
  const ofTree = { release: release.name, packages: [], others: below };
  return {
    bases,
    tree: findLayer('provisioned tree', folder, 'root.tar', ofTree),
    inputs: { ...inputs, 'disk size': String(config.image.diskSize), ...digestsOf(assemblers) },
  };
}

async function findBases(
  { config, release, plan, lock }: Compiled,
  builder: Builder,
  cache: string,
): Promise<Stage[]> {
  const { diskSize, mirror } = config.image;
  const wanted = { release, packages: plan.packages, diskSize, cacheDir: cache };
  const request: BaseRequest = {
    ...wanted,
    ...(mirror === undefined ? {} : { mirror }),
    ...(lock === undefined ? {} : { lock }),
  };
  if (release.base.kind === 'cloud-image') return [vendorDisk(release.base, request)];
  const tree = await baseTree(release.base, request);
  return builder === 'native' ? [tree] : [tree, baseDisk(tree.layer, request)];
}

/** Makes the provisioned tree. A config has one: it takes a gigabyte, and another comes of the same inputs in seconds. */
export async function makeTree(layer: Layer, build: NativeBuild): Promise<void> {
  await makeLayer(layer, (file) => nativeBuild(build, file));
  const before = readdirSync(layer.folder).filter((name) => !name.startsWith('.') && name !== layer.hash);
  for (const name of before) rmSync(path.join(layer.folder, name), { recursive: true, force: true });
}

/** Those of the layers that must be made, from the lowest: what is there needs nothing below it. */
export function toMake<T extends { readonly hit: boolean }>(layers: readonly T[], isAnyNeeded: boolean): T[] {
  return isAnyNeeded ? layers.slice(layers.map(({ hit }) => hit).lastIndexOf(true) + 1) : [];
}
