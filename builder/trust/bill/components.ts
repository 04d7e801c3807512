/** The components of an image: packages, libraries, downloads, and Letterbox itself. */
import type { Download, NodeSource } from '../../../releases/release.ts';
import type { BundledLibrary } from '../../plan/bundles.ts';
import type { Component } from './component.ts';
import { debName, needsOf, type Package } from './dpkg.ts';
import { licencesOf } from './licences.ts';
import { debPurl, genericPurl, npmPurl } from './purl.ts';

/** What is known of packages besides what dpkg says. */
export interface About {
  /** Whose archive: `Debian`. */
  readonly origin: string;
  readonly release: string;
  /** A package's copyright file; "" where it can't be read. */
  readonly copyrightOf: (name: string) => string;
  /** SHA-256 of an archive by the name that apt gives it; undefined where it is not there any more. */
  readonly sha256Of: (deb: string) => string | undefined;
}

export function ofPackages(packages: readonly Package[], about: About): Component[] {
  const purl = (each: Package) => debPurl(each, about.origin, about.release);
  const needs = needsOf(packages);
  return packages.map((each) => {
    const { name, version, source } = each;
    const sha256 = about.sha256Of(debName(each));
    const itself = source.name === name && source.version === version;
    return {
      kind: 'package',
      name,
      version,
      purl: purl(each),
      licences: licencesOf(about.copyrightOf(name)),
      ...(itself ? {} : { source: `${source.name} ${source.version}` }),
      ...(sha256 === undefined ? {} : { digest: { algorithm: 'SHA-256', content: sha256 } }),
      needs: (needs.get(each) ?? []).map(purl),
    };
  });
}

export function ofDownloads(downloads: readonly Download[]): Component[] {
  return downloads.map(({ name, version, url, licence, sha256 }) => ({
    kind: 'download',
    name,
    version,
    purl: genericPurl(name, version, url),
    licences: [licence],
    digest: { algorithm: 'SHA-256', content: sha256 },
    needs: [],
  }));
}

/** Node.js out of an npm package, where the archive has none for the release. */
export function ofNode(node: NodeSource): Component[] {
  if (node.from === 'archive') return [];
  const at = node.package.lastIndexOf('@');
  const [name, version] = [node.package.slice(0, at), node.package.slice(at + 1)];
  return [{ ...ofLibrary({ ...node, name, version }), kind: 'download' }];
}

/** Letterbox's own files, the overlay, and the libraries inside of its programs. */
export function ofLetterbox(version: string, libraries: readonly BundledLibrary[]): Component[] {
  const parts = libraries.map(ofLibrary);
  const itself: Component = {
    kind: 'letterbox',
    name: 'letterbox',
    version,
    purl: genericPurl('letterbox', version),
    licences: ['MIT'],
    needs: parts.map(({ purl }) => purl),
  };
  return [itself, ...parts];
}

function ofLibrary({ name, version, licence, integrity }: BundledLibrary): Component {
  const [, algorithm = '', base64 = ''] = /^sha(\d+)-(.+)$/.exec(integrity) ?? [];
  return {
    kind: 'library',
    name,
    version,
    purl: npmPurl(name, version),
    licences: [licence],
    ...(algorithm === '512'
      ? { digest: { algorithm: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') } }
      : {}),
    needs: [],
  };
}
