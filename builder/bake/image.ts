/** Bakes the image: base disk, Packer over it, export. Each layer is named by the hash of what goes in. */
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../compile.ts';
import type { Progress } from '../host/progress.ts';
import { writeFileAtomically, writeOutputs } from '../host/write.ts';
import { projectRoot } from '../paths.ts';
import { version } from '../version.ts';
import { makeBase } from './base/base.ts';
import { exportFormats } from './export.ts';
import { nodeRuntime } from './node-runtime.ts';
import { packerBuild } from './packer.ts';

/** `manifest.json` beside the image: what it was made from. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly release: string;
  /** Hash of every input, by layer: equal inputs mean that the image need not be baked again. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>;
}

/** Expected seconds of the bake's steps on 2 cores without KVM, in order. */
export const bakeSteps = { base: 150, bake: 175, export: 8 } as const;

/** Gives the qcow2's path. Says of each layer whether it was cached, and why not. */
export async function bakeImage(compiled: Compiled, out: string, progress: Progress): Promise<string> {
  const { plan, release, config } = compiled;
  writeOutputs(out, compiled.imageFiles);
  const cacheDir = path.join(projectRoot, '.cache');
  const base = await progress.step({
    title: 'base disk',
    expected: bakeSteps.base,
    run: (report) =>
      makeBase({
        release,
        packages: plan.packages,
        diskSize: config.image.diskSize,
        cacheDir,
        onProgress: report,
        ...(config.image.mirror === undefined ? {} : { mirror: config.image.mirror }),
      }),
    note: (result) => `${result.hit ? 'cached' : 'made'}, ${result.reason}`,
  });
  const inputs = {
    base: base.hash,
    ...hashes(compiled),
    provision: hashFolder(path.join(projectRoot, 'packer/provision')),
    node: sha256(JSON.stringify(release.node)),
    formats: config.image.formats.join(' '),
  };
  const image = path.join(out, `${plan.name}.qcow2`);
  const reason = whyBake(out, inputs);
  const work = path.join(out, 'bake-work');
  await progress.step({
    title: 'bake',
    expected: bakeSteps.bake,
    run: async (report) => {
      if (reason === undefined) return;
      const node = await nodeRuntime(release, cacheDir);
      if (node !== undefined) copyFileSync(node, path.join(out, 'bake/node'));
      await packerBuild({ compiled, base: base.file, out, work, report });
    },
    note: () => (reason === undefined ? 'cached, nothing changed' : reason),
  });
  await progress.step({
    title: 'export',
    expected: bakeSteps.export,
    run: async (report) => {
      if (reason === undefined) return;
      const files = await exportFormats(path.join(work, 'disk', `${plan.name}.qcow2`), out, config, report);
      writeManifest(out, { name: plan.name, version, release: plan.release, inputs, files });
      rmSync(work, { recursive: true, force: true });
    },
    note: () => `${image} (${(statSync(image).size / 1024 ** 2).toFixed(0)} MiB)`,
  });
  return image;
}

function writeManifest(out: string, manifest: Manifest): void {
  const sums = Object.entries(manifest.files).map(([name, { sha256 }]) => `${sha256}  ${name}\n`);
  writeFileAtomically(path.join(out, 'SHA256SUMS'), sums.join(''));
  // Last, since it is what says that the image is whole.
  writeFileAtomically(path.join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Why the image must be baked, in words; undefined when what lies there is what would come out. */
function whyBake(out: string, inputs: Readonly<Record<string, string>>): string | undefined {
  const file = path.join(out, 'manifest.json');
  if (!existsSync(file)) return 'no image yet';
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const changed = Object.keys(inputs).filter((key) => manifest.inputs[key] !== inputs[key]);
  if (changed.length > 0) return `changed: ${changed.join(', ')}`;
  const missing = Object.entries(manifest.files).filter(
    ([name, { bytes }]) => !existsSync(path.join(out, name)) || statSync(path.join(out, name)).size !== bytes,
  );
  return missing.length === 0
    ? undefined
    : `missing or cut short: ${missing.map(([name]) => name).join(', ')}`;
}

function hashes({ imageFiles }: Compiled): Record<string, string> {
  return Object.fromEntries(
    imageFiles.map(({ path: name, content }) => [path.basename(name), sha256(content)]),
  );
}

function hashFolder(folder: string): string {
  return sha256(
    readdirSync(folder)
      .sort()
      .map((name) => `${name} ${sha256(readFileSync(path.join(folder, name)))}\n`)
      .join(''),
  );
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
