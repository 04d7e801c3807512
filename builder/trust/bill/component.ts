/** What an image is made of, as its bills tell it. */

export interface Component {
  /** A package of the release, a library inside of a program, an archive or program from its makers, or Letterbox itself. */
  readonly kind: 'package' | 'library' | 'download' | 'letterbox';
  readonly name: string;
  readonly version: string;
  /** Its package URL (purl), which no other component has. */
  readonly purl: string;
  /** All hold: each an SPDX expression where it could be told, else the name that its makers give it. */
  readonly licences: readonly string[];
  /** What it was built from, where that has another name or version. */
  readonly source?: string;
  /** Of the archive in which it came. */
  readonly digest?: Digest;
  /** What it can't do without, by purl. */
  readonly needs: readonly string[];
}

export interface Digest {
  readonly algorithm: 'SHA-256' | 'SHA-512';
  /** Hexadecimal. */
  readonly content: string;
}

/** The image of which a bill is. */
export interface Subject {
  readonly name: string;
  /** By which a box of it knows it. */
  readonly id: string;
  readonly release: string;
  /** Of Letterbox. */
  readonly version: string;
  /** The day on which the newest of its packages was made, `2026-11-24`: a bill has no other time, so that the same image has the same bill. */
  readonly date: string;
  readonly disks: Readonly<Record<string, { readonly sha256: string }>>;
}

/** A UUID (version 8: one's own way) for what is the same image, byte for byte. */
export function uuidOf({ name, disks }: Subject): string {
  const hex = disks[`${name}.qcow2`]?.sha256 ?? '0'.repeat(64);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
