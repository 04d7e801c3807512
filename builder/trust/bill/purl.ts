/** Package URLs: one name for a component in every tool. */
import { PackageURL } from 'packageurl-js';
import type { Package } from './dpkg.ts';

/** `origin`: whose archive it is of; `release`: which system it was built for. */
export function debPurl({ name, version, architecture }: Package, origin: string, release: string): string {
  return text('deb', origin.toLowerCase(), name, version, { arch: architecture, distro: release });
}

export function npmPurl(name: string, version: string): string {
  const [scope, plain] = name.startsWith('@') ? name.split('/') : [undefined, name];
  return text('npm', scope, plain ?? name, version);
}

/** Of what is in no registry; with its address where it has one. */
export function genericPurl(name: string, version: string, address?: string): string {
  return text(
    'generic',
    undefined,
    name,
    version,
    address === undefined ? undefined : { download_url: address },
  );
}

function text(
  type: string,
  namespace: string | undefined,
  name: string,
  version: string,
  qualifiers?: Record<string, string>,
): string {
  return new PackageURL(type, namespace, name, version, qualifiers, undefined).toString();
}
