/** Debian packages for the tests: a second kernel from the archive, and a made-up newer version of one on the box. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../../builder/paths.ts';
import { output } from './program.ts';

const cache = path.join(projectRoot, '.cache/test-packages');

/** A kernel's release name by its version and its flavour, such as `6.1.0-57` and `-cloud`. */
const kernel = /^(?:linux-image-)?(\d[^-]*(?:-\d+)?)(-\w+)?-amd64$/;

/** Fetches the archive's newest kernel of the running one's flavour and gives the .deb's path and the kernel's release name. */
export async function otherKernel(running: string): Promise<{ deb: string; release: string }> {
  const names = (await output(['apt-cache', 'pkgnames', 'linux-image-'])).split('\n');
  const flavour = kernel.exec(running)?.[2];
  const releases = names
    .filter((name) => kernel.test(name) && kernel.exec(name)?.[2] === flavour)
    .map((name) => name.replace('linux-image-', ''));
  const sorted = (await output(['sort', '-V'], { input: [running, ...releases].join('\n') }))
    .trim()
    .split('\n');
  const release = sorted.at(-1);
  if (release === undefined || release === running)
    throw new Error(`the archive has no newer kernel than ${running}`);
  return { deb: await download(`linux-image-${release}`), release };
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
  const [uri] = (await output(['apt-get', 'download', '--print-uris', name])).trim().split('\n');
  const file = path.join(cache, uri?.split(' ')[1] ?? `${name}.deb`);
  if (!statSync(file, { throwIfNoEntry: false })) {
    await output(['sh', '-c', 'cd "$1" && exec apt-get -q download "$2"', 'sh', cache, name], {
      seconds: 300,
    });
  }
  return file;
}
