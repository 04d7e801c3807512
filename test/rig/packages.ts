/** Debian packages for the tests: a second kernel from the archive, and a made-up newer version of one on the box. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../builder/paths.ts';
import { apt } from './archive.ts';
import { output } from './program.ts';
import { release } from './release.ts';

const cache = path.join(projectRoot, '.cache/test-packages', release.name);

/** A kernel's release name by its version and its flavour, such as `6.1.0-57` and `-cloud`. */
const kernel = /^(?:linux-image-)?(\d[^-]*(?:-\d+)?)(-\w+)?-amd64$/;

/**
 * Fetches a kernel that GRUB takes before the running one, and gives the .deb's path and the kernel's release name: the archive's newest
 * of the running one's flavour, or where that is what runs, the real-time one (the one for clouds lacks the hardware of the tests).
 */
export async function otherKernel(running: string): Promise<{ deb: string; release: string }> {
  const names = (await apt('apt-cache', ['pkgnames', 'linux-image-'])).split('\n');
  for (const flavour of [kernel.exec(running)?.[2], '-rt']) {
    const releases = names
      .filter((name) => kernel.test(name) && kernel.exec(name)?.[2] === flavour)
      .map((name) => name.replace('linux-image-', ''));
    const sorted = await output(['sort', '-V'], { input: [running, ...releases].join('\n') });
    const newest = sorted.trim().split('\n').at(-1) ?? running;
    if (newest !== running) return { deb: await download(`linux-image-${newest}`), release: newest };
  }
  throw new Error(`the archive has no newer kernel than ${running}`);
}

/** A repository folder with a newer version of a package that the image has: its content is the same. */
export async function repositoryWithNewer(name: string): Promise<{ folder: string; version: string }> {
  const deb = await download(name);
  const tree = path.join(cache, `${name}.tree`);
  const folder = path.join(cache, `${name}.repository`);
  for (const made of [tree, folder]) rmSync(made, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await output(['dpkg-deb', '--raw-extract', deb, tree]);
  const control = path.join(tree, 'DEBIAN/control');
  const version = `${/^Version: (.*)$/m.exec(readFileSync(control, 'utf8'))?.[1]}+test1`;
  writeFileSync(control, readFileSync(control, 'utf8').replace(/^Version: .*$/m, `Version: ${version}`));
  const file = `${name}.deb`;
  await output(['dpkg-deb', '--root-owner-group', '-Zgzip', '-z1', '--build', tree, path.join(folder, file)]);
  const bytes = readFileSync(path.join(folder, file));
  const digest = createHash('sha256').update(bytes).digest('hex');
  const fields = [
    readFileSync(control, 'utf8').trim(),
    `Filename: ./${file}`,
    `Size: ${bytes.length}`,
    `SHA256: ${digest}`,
  ];
  writeFileSync(path.join(folder, 'Packages'), `${fields.join('\n')}\n`);
  rmSync(tree, { recursive: true });
  return { folder, version };
}

const downloads = new Map<string, Promise<string>>();

/** Two boxes may want the same one at the same time. */
function download(name: string): Promise<string> {
  const file = downloads.get(name) ?? fetchPackage(name);
  downloads.set(name, file);
  return file;
}

async function fetchPackage(name: string): Promise<string> {
  mkdirSync(cache, { recursive: true });
  const [uri] = (await apt('apt-get', ['download', '--print-uris', name])).trim().split('\n');
  const file = path.join(cache, uri?.split(' ')[1] ?? `${name}.deb`);
  if (!statSync(file, { throwIfNoEntry: false })) {
    await apt('apt-get', ['-q', 'download', name], cache);
  }
  return file;
}
