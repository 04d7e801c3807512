/** What a bake learns of the system that it made: the number by which a box knows its image (`/usr/lib/box/image-id`), and its packages. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../host/run.ts';
import type { Layer } from './base/cache.ts';

const form = /^[0-9a-f]{16}$/;

/** Out of the provisioned tree, else out of what the step said in Packer's machine. Undefined where neither tells it. */
export async function imageId(
  tree: Pick<Layer, 'file'> | undefined,
  work: string,
): Promise<string | undefined> {
  if (tree === undefined) return saidId(readFileSync(path.join(work, 'packer.log'), 'utf8'));
  // The first of its name: tar then reads no further.
  const text = await run(['tar', '--occurrence=1', '-xOf', tree.file, './usr/lib/box/image-id']);
  return form.test(text.trim()) ? text.trim() : undefined;
}

export function saidId(log: string): string | undefined {
  return /letterbox: box: this is image ([0-9a-f]{16})\b/.exec(log)?.[1];
}

/** What the step said in a machine, whose disk can't be looked into: dpkg's fields of each package, and of which day the newest is. */
export function saidStatus(log: string): {
  readonly status: string;
  readonly packagesDate: string;
  readonly copyrightOf: () => string;
} {
  const status = [...log.matchAll(/letterbox: dpkg: ?(.*)$/gm)]
    .map(([, field = '']) => field.trimEnd())
    .join('\n');
  const packagesDate = /letterbox: box: its packages are of (\d{4}-\d\d-\d\d)\b/.exec(log)?.[1];
  if (packagesDate === undefined || status === '')
    throw new Error('the bake did not say which packages the image has: its step 30-box does');
  return { status, packagesDate, copyrightOf: () => '' };
}
