/** What goes into a bake, each thing by its name in words and its digest: equal inputs mean that nothing need be baked again. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import tar from 'tar-stream';
import type { Builder } from '../../releases/release.ts';
import type { Compiled } from '../compile.ts';
import { projectRoot } from '../paths.ts';
import type { Plan } from '../plan/plan.ts';
import { digest, digestsOf } from './digest.ts';
import { insiders } from './native.ts';

export type Digests = Readonly<Record<string, string>>;

/** What is laid over a base and run there. */
export async function bakeInputs(
  { imageFiles, release, plan }: Pick<Compiled, 'imageFiles' | 'release'> & { plan: Pick<Plan, 'downloads'> },
  builder: Builder,
): Promise<Digests> {
  const inputs: Record<string, string> = { 'Node.js': digest(JSON.stringify(release.node)) };
  for (const { path: name, content } of imageFiles) {
    if (name === 'bake/overlay.tar') Object.assign(inputs, await overlayInputs(Buffer.from(content)));
    else if (name.startsWith('bake/') || builder === 'packer') inputs[name] = digest(content);
  }
  for (const { name, sha256 } of plan.downloads) inputs[`download ${name}`] = sha256.slice(0, 16);
  const steps = 'packer/provision';
  const names = readdirSync(path.join(projectRoot, steps));
  Object.assign(inputs, digestsOf(names.map((name) => `${steps}/${name}`)));
  if (builder === 'native') Object.assign(inputs, digestsOf(insiders));
  return inputs;
}

/** Every file of the overlay by its path on the box: its content, its owner and its mode. */
async function overlayInputs(overlay: Uint8Array): Promise<Digests> {
  const inputs: Record<string, string> = {};
  const extract = tar.extract();
  extract.end(overlay);
  for await (const entry of extract) {
    const { name, mode, uname, gname } = entry.header;
    inputs[`/${name}`] = digest(JSON.stringify([mode, uname, gname, digest(await buffer(entry))]));
  }
  return inputs;
}
