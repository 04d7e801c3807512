/** What build.js made for the image: the box program, the pages of its control panel, and its note of the libraries inside of both. */
import { readdirSync, readFileSync } from 'node:fs';
import { projectRoot } from '../paths.ts';
import type { PlanFile } from './file.ts';

/** Where nginx looks for the pages; overlays/panel has the same path. */
const pagesOnBox = '/usr/share/box/panel';

/** Name, version, licence and digest of each library that is a part of them. */
export interface BundledLibrary {
  readonly name: string;
  readonly version: string;
  readonly licence: string;
  readonly integrity: string;
}

export function bundledLibraries(root = projectRoot): BundledLibrary[] {
  return JSON.parse(readFileSync(`${root}dist/libraries.json`, 'utf8')) as BundledLibrary[];
}

export function bundles(root = projectRoot): PlanFile[] {
  const file = (path: string, mode: string, from: string): PlanFile => ({
    path,
    mode,
    owner: 'root',
    group: 'root',
    text: readFileSync(`${root}${from}`, 'utf8'),
    from,
  });
  const pages = readdirSync(`${root}dist/panel`).sort();
  return [
    file('/usr/lib/box/box.cjs', '0755', 'dist/box.cjs'),
    file('/usr/lib/box/passkeys.cjs', '0644', 'dist/passkeys.cjs'),
    ...pages.map((name) => file(`${pagesOnBox}/${name}`, '0644', `dist/panel/${name}`)),
  ];
}
