/** Looks for secrets in a file tree: private keys, password hashes, and given strings. */
import { fileURLToPath } from 'node:url';
import { output } from '../boot/program.ts';
import { type RawImage, withImageMounted } from './image.ts';

export interface Finding {
  readonly path: string;
  readonly what: string;
  /** Permission bits in octal. */
  readonly mode: string;
}

const program = fileURLToPath(new URL('find-secrets.ts', import.meta.url));
const finder = [process.execPath, '--import', 'tsx', program];

export async function findSecrets(
  paths: readonly string[],
  literals: readonly string[] = [],
): Promise<Finding[]> {
  return JSON.parse(
    await output([...finder, ...paths], { input: JSON.stringify({ literals }), seconds: 300 }),
  ) as Finding[];
}

/** The same, in a mounted image. */
export async function findSecretsInImage(
  image: RawImage,
  mountPoint: string,
  literals: readonly string[] = [],
): Promise<Finding[]> {
  const input = JSON.stringify({ literals });
  const found = await withImageMounted(image, mountPoint, [...finder, mountPoint], { input, seconds: 300 });
  return (JSON.parse(found) as Finding[]).map((finding) => ({
    ...finding,
    path: finding.path.slice(mountPoint.length),
  }));
}

/** Whether everyone on the box may read it. */
export function isWorldReadable({ mode }: Finding): boolean {
  return (Number.parseInt(mode, 8) & 0o004) !== 0;
}
