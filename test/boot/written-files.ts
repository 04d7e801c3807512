/** What a running box has written since it was baked, by content. */
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type RawImage, withImageMounted } from '../lab/world/image.ts';
import type { Vm } from './vm.ts';

/** Path to SHA-256 of every file outside /usr, also of a state disk, that the image doesn't have, or has with another content. */
export async function writtenFiles(vm: Vm, image: RawImage): Promise<Map<string, string>> {
  // The assembler made every file of the disk; what was written to one since then was written by a box.
  const baked = Math.floor(statSync(vm.options.image).mtimeMs / 1000);
  // A mail that leaves the queue meanwhile was no secret; whatever else can't be read is a failure.
  const all = await vm.ssh.run(
    `words=$(mktemp)
    find /boot /etc /home /home/user-data /opt /root /srv /var -xdev -type f -size +0 -newerct @${baked} -exec sha256sum --zero {} + 2>"$words" ||
      ! grep -v ': No such file or directory$' "$words" >&2`,
  );
  const mountPoint = path.join(vm.folder, 'image');
  mkdirSync(mountPoint);
  const paths = [...parse(all).keys()].join('\0');
  const script = 'cd "$1" && sed -z s,^/,./, | xargs -0 sha256sum --zero 2>/dev/null || true';
  const inImage = await withImageMounted(image, mountPoint, ['sh', '-c', script, 'sh', mountPoint], {
    input: paths,
  });
  const unchanged = parse(inImage.replaceAll('  ./', '  /'));
  return new Map([...parse(all)].filter(([file, digest]) => unchanged.get(file) !== digest));
}

function parse(sums: string): Map<string, string> {
  const lines = sums.split('\0').filter((line) => line !== '');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}
