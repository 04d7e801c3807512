/** What every format of a disk file can do: be written, and be held against the disk that it was written from. */
import type { Report } from '../../host/progress.ts';

/** A disk as a file here. */
export interface Disk {
  readonly file: string;
  readonly format: 'qcow2' | 'raw';
}

/** The machine around the disk, for formats that carry one. */
export interface Appliance {
  readonly name: string;
  readonly cpus: number;
  /** Bytes. */
  readonly memory: number;
}

export interface DiskFormat {
  /** What goes into the file beside the disk. */
  readonly besides?: unknown;
  /** `to` is written as it goes on: whoever wants it whole gives a name that nobody else reads. @throws RunError */
  readonly write: (disk: Disk, to: string) => Promise<void>;
  /**
   * Reads all of `file` back and holds it against the raw disk, byte for byte; a hole is zeros. Gives where they differ, in words, or
   * nothing. @throws RunError where the file can't be read
   */
  readonly difference: (file: string, raw: string, report: Report) => Promise<string | undefined>;
}
