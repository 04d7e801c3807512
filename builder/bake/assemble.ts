/** Makes a bootable disk from a root file system: runs `base/assemble.sh`. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { run } from '../host/run.ts';
import { projectRoot } from '../paths.ts';
import { inNamespace } from './namespace.ts';

const program = 'base/assemble.sh';
/** Decide what a disk is like, besides its tree and its size. */
export const assemblers = [program, 'base/unpack.sh'] as const;

/** What it writes into the root file system, which is not in the tree yet. */
export const assembled = ['/etc/fstab', '/boot/grub/grub.cfg'] as const;

export interface Assembly {
  /** The root file system, a tar archive. */
  readonly tree: string;
  /** Bytes of the disk. */
  readonly size: number;
  /** A folder for its work, which it leaves empty. */
  readonly place: string;
  readonly log: string;
}

/** Writes the disk, a qcow2, to `file`. */
export async function assemble({ tree, size, place, log }: Assembly, file: string): Promise<void> {
  mkdirSync(place, { recursive: true });
  const paths = [place, tree, file].map((name) => path.resolve(name));
  await run([...inNamespace, 'sh', path.join(projectRoot, program), ...paths, String(size)], { log });
}
