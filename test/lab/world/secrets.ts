/** Looks for secrets in a file tree: private keys, password hashes, and given strings. */
import { fileURLToPath } from 'node:url';
import { output } from '../../rig/program.ts';
import { type RawImage, withImageMounted } from './image.ts';

export interface Finding {
  readonly path: string;
  readonly what: string;
  /** Permission bits in octal. */
  readonly mode: string;
  /** SHA-256 of the secret itself. */
  readonly digest: string;
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

/**
 * Which of these files are exactly as a package of the archive brings them (or compiled from one that is): what is in
 * them is public, as the examples in a manual are.
 */
export async function publicFiles(
  image: RawImage,
  mountPoint: string,
  paths: readonly string[],
): Promise<Set<string>> {
  // Python compiles a module on the box: `__pycache__/x.cpython-311.pyc` comes from `x.py`.
  const source = (file: string) => file.replace(/__pycache__\/([^/.]+)\.[^/]+\.pyc$/, '$1.py').slice(1);
  const script = 'cd "$1" && cat var/lib/dpkg/info/*.md5sums && echo --- && xargs -d "\\n" md5sum';
  const input = paths.map(source).join('\n');
  const said = await withImageMounted(image, mountPoint, ['sh', '-c', script, 'sh', mountPoint], { input });
  const [packaged = '', files = ''] = said.split('---\n');
  const known = new Set(packaged.split('\n'));
  const unchanged = new Set(
    files.split('\n').filter((line) => known.has(line) || known.has(line.replace('  usr/', '  '))),
  );
  return new Set(paths.filter((file) => [...unchanged].some((line) => line.slice(34) === source(file))));
}

/** Whether everyone on the box may read it. */
export function isWorldReadable({ mode }: Finding): boolean {
  return (Number.parseInt(mode, 8) & 0o004) !== 0;
}
