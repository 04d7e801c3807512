/** The baked image that is tested. */
import { existsSync, linkSync } from 'node:fs';
import path from 'node:path';

/** Where it was baked, or what the environment variable LETTERBOX_IMAGE says. */
export function bakedImage(): string {
  const image = path.resolve(process.env.LETTERBOX_IMAGE ?? 'out/example/example.qcow2');
  if (!existsSync(image))
    throw new Error(`${image} does not exist: make it with \`npx letterbox bake example.yaml\``);
  return image;
}

/** The image under a second name in a test's own folder: a bake in the meantime must not pull it away. */
export function imageUnderTest(folder: string): string {
  const own = path.join(folder, 'image.qcow2');
  if (existsSync(own)) return own;
  try {
    linkSync(bakedImage(), own);
    return own;
  } catch {
    // It lies on another file system: whoever put it there leaves it there.
    return bakedImage();
  }
}
