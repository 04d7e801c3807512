/** `letterbox bake --on`: has Packer bake at a cloud, after the image here where that is what goes there. */
import type { Cloud } from '../../clouds/cloud.ts';
import { bakeImage, bakeSteps, builderOf } from '../bake/image.ts';
import { bakeOnCloud, readyBuilder } from '../bake/on-cloud.ts';
import { packerVersion } from '../bake/run-packer.ts';
import type { Compiled } from '../compile.ts';
import { type draw, Progress } from '../host/progress.ts';
import type { SecretKey } from '../trust/secret-key.ts';

/** Seconds, mostly of installing packages and of the cloud's own. */
const expected = 600;

/** Gives Packer's words for what it made. @throws CloudBakeError, BakeError */
export async function bakeThere(
  compiled: Compiled,
  cloud: Cloud,
  out: string,
  emit: ReturnType<typeof draw>,
  signer?: SecretKey,
): Promise<string[]> {
  const builder = readyBuilder(compiled, cloud, process.env, await packerVersion());
  const here = builder.lays === 'disk' ? builderOf(compiled) : undefined;
  const steps = here === undefined ? [] : Object.values(bakeSteps(here));
  const progress = new Progress(emit, [...steps, expected]);
  const baked = here === undefined ? undefined : await bakeImage(compiled, out, progress, here, { signer });
  return progress.step({
    title: `bake on ${cloud.name}`,
    expected,
    run: (report) =>
      bakeOnCloud({
        compiled,
        cloud,
        builder,
        out,
        report,
        ...(baked === undefined ? {} : { image: baked.image }),
      }),
  });
}
