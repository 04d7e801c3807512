/**
 * Program: `bake-again.ts FOLDER` bakes example.yaml once more, in that folder and from the base on: with a provisioned tree, a disk and
 * bills of its own. Prints the manifest. Umask, time zone and locale are whoever's that starts it.
 */
import { mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { bakeImage } from '../../builder/bake/image.ts';
import { readManifest } from '../../builder/bake/manifest.ts';
import { compile } from '../../builder/compile.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { Progress } from '../../builder/host/progress.ts';
import { cacheDir } from '../../builder/paths.ts';

const [folder = ''] = process.argv.slice(2);
const cache = path.join(folder, 'cache');
const out = path.join(folder, 'example');
for (const made of [cache, out]) mkdirSync(made, { recursive: true });
for (const kept of ['base', 'debs', 'downloads', 'node'])
  symlinkSync(path.join(cacheDir, kept), path.join(cache, kept));
const compiled = await compile(loadConfig('example.yaml').config);
await bakeImage(compiled, out, new Progress(() => {}, [1, 1, 1]), 'native', { cache });
console.log(JSON.stringify(readManifest(out)));
