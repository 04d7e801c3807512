/** How long the layers of a release's image take: made anew in a folder of their own, beside whatever the cache holds. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { assemble } from '../../builder/bake/assemble.ts';
import { baseTree } from '../../builder/bake/base/base.ts';
import { exportFormats } from '../../builder/bake/export.ts';
import { nativeBuild } from '../../builder/bake/native.ts';
import { compile } from '../../builder/compile.ts';
import { parseConfig } from '../../builder/config/load.ts';
import { writeOutputs } from '../../builder/host/write.ts';
import { cacheDir } from '../../builder/paths.ts';

const silent = () => undefined;

/** Of example.yaml on that release: seconds of the base tree, seconds of the bake, and MiB of the image. */
export async function imageLayers(release: string, folder: string): Promise<number[]> {
  const document = parseDocument(readFileSync('example.yaml', 'utf8'));
  document.set('release', release);
  const compiled = await compile(parseConfig(String(document), 'example.yaml').config);
  const { config, plan } = compiled;
  const { base } = compiled.release;
  if (base.kind !== 'bootstrap') throw new Error(`${release} is not made from a mirror`);
  const cache = path.join(folder, 'cache');
  const out = path.join(folder, 'out');
  for (const each of [cache, path.join(out, 'disk')]) mkdirSync(each, { recursive: true });
  // Packages that were fetched once are not fetched again: the mirror's speed is no part of it.
  const debs = path.join(cacheDir, 'debs');
  mkdirSync(debs, { recursive: true });
  symlinkSync(debs, path.join(cache, 'debs'));
  try {
    writeOutputs(out, compiled.imageFiles);
    const { diskSize, mirror } = config.image;
    const request = { release: compiled.release, packages: plan.packages, diskSize, cacheDir: cache };
    const tree = await baseTree(base, mirror === undefined ? request : { ...request, mirror });
    const baseSeconds = await seconds(() => tree.make(silent));
    const work = path.join(out, 'bake-work');
    const provisioned = path.join(folder, 'root.tar');
    const disk = path.join(out, 'disk', `${plan.name}.qcow2`);
    const bakeSeconds = await seconds(async () => {
      await nativeBuild({ compiled, base: tree.layer.file, out, work, report: silent }, provisioned);
      const place = path.join(work, 'place');
      const log = path.join(work, 'assemble.log');
      await assemble({ tree: provisioned, size: diskSize, place, log }, disk);
      await exportFormats(disk, out, config, silent);
    });
    return [baseSeconds, bakeSeconds, statSync(path.join(out, `${plan.name}.qcow2`)).size / 1024 ** 2];
  } finally {
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

async function seconds(what: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await what();
  return (performance.now() - began) / 1000;
}
