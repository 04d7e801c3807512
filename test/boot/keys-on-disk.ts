/** The keys that lie on a disk whose machine is off. */
import { mkdirSync } from 'node:fs';
import type { ExecutionContext } from 'ava';
import { type RawImage, withImageMounted } from '../lab/world/image.ts';
import { kept } from '../rig/behaviour.ts';

/**
 * SHA-256 of each kept file on a copy of the disk, read as the next boot would: the file system's journal is replayed
 * first. A private key that is there must be a whole one.
 */
export async function keysOnDisk(
  t: ExecutionContext,
  raw: RawImage,
  mountPoint: string,
): Promise<Map<string, string>> {
  mkdirSync(mountPoint);
  const script = `
    cd "$1" && shift
    for file in "$@"; do
      if [ -e "$file" ]; then sha256sum "$file"; fi
      case $file in *key.pem | *.private) if [ -e "$file" ]; then openssl pkey -in "$file" -noout -check >&2 || echo "broken $file"; fi ;; esac
    done`;
  const files = kept.map((file) => file.slice(1));
  const argv = ['sh', '-c', script, 'sh', mountPoint, ...files];
  const lines = (await withImageMounted(raw, mountPoint, argv, { writable: true }))
    .trim()
    .split('\n')
    .filter(Boolean);
  t.deepEqual(
    lines.filter((line) => line.startsWith('broken')),
    [],
  );
  return new Map(lines.map((line) => [`/${line.slice(66)}`, line.slice(0, 64)]));
}
