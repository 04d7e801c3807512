/** The baked image that is tested. */
import { existsSync, linkSync } from 'node:fs';
import path from 'node:path';

/** Where it is baked, or what the environment variable LETTERBOX_IMAGE says. */
export const imagePath = (): string =>
  path.resolve(process.env.LETTERBOX_IMAGE ?? 'out/example/example.qcow2');

/** @throws where it was not baked */
export function bakedImage(): string {
  const image = imagePath();
  if (!existsSync(image))
    throw new Error(`${image} does not exist: make it with \`./letterbox bake example.yaml\``);
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

/**
 * An image of another release, on which a state goes on: what the environment variable LETTERBOX_OTHER_IMAGE says. Where it
 * says nothing, what needs two images says that it is skipped.
 */
export function otherImage(): string | undefined {
  const { LETTERBOX_OTHER_IMAGE: named } = process.env;
  if (named === undefined || named === '') return undefined;
  const image = path.resolve(named);
  if (!existsSync(image)) throw new Error(`${image} does not exist: bake it, or unset LETTERBOX_OTHER_IMAGE`);
  return image;
}
