/** `box.lock` beside `box.yaml`: every package of an image, with its version and the digest of its archive. */
import { Document } from 'yaml';

/** One package as the archive has it. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** Of its `.deb`. */
  readonly sha256: string;
}

export interface Lock {
  readonly release: string;
  readonly packages: readonly LockedPackage[];
}

export const lockFormat = 1;

/** Where the lock of a config lies, whether there is one or not. */
export const lockFileOf = (config: string) => `${config.replace(/\.ya?ml$/, '')}.lock`;

const about = ` The packages of the image, each with its version, its architecture and the SHA-256 of its archive.
 \`letterbox lock\` writes this file, and \`letterbox bake\` takes these or says what it can't get. Keep it in the config's git.`;

/**
 * The same text for the same packages, a line each, so that a difference is one of packages. The number of them is last: a file
 * that was cut short has none.
 */
export function lockText({ release, packages }: Lock): string {
  const lines = packages
    .map(({ name, version, architecture, sha256 }) => `${name} ${version} ${architecture} ${sha256}`)
    .sort((a, b) => (a < b ? -1 : 1));
  const document = new Document({ format: lockFormat, release, packages: lines, count: lines.length });
  document.commentBefore = about;
  return document.toString({ lineWidth: 0 });
}
