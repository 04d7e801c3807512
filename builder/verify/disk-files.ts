/** What is on a disk that a bake made, file by file: runs `base/list-disk.sh`. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inNamespace } from '../bake/namespace.ts';
import { run } from '../host/run.ts';
import { projectRoot } from '../paths.ts';

export interface DiskFiles {
  /** By the path on the box: kind, mode, owner, time and target, in words that are equal where they are. */
  readonly kinds: ReadonlyMap<string, string>;
  /** SHA-256 of each that has content. */
  readonly sums: ReadonlyMap<string, string>;
  /** SHA-256 of partition table, boot loader and the EFI system partition. */
  readonly outside: string;
}

/** `disk`: a qcow2; `work`: a folder for it alone. @throws RunError */
export async function readDisk(disk: string, work: string): Promise<DiskFiles> {
  const [place, to] = [path.join(work, 'place'), path.join(work, 'list')];
  mkdirSync(place, { recursive: true });
  const paths = [place, disk, to].map((name) => path.resolve(name));
  await run([...inNamespace, 'sh', path.join(projectRoot, 'base/list-disk.sh'), ...paths]);
  const read = (name: string) => readFileSync(path.join(to, name), 'utf8');
  return { ...parseLists(read('files'), read('sums')), outside: read('outside').slice(0, 64) };
}

export function parseLists(files: string, sums: string): Pick<DiskFiles, 'kinds' | 'sums'> {
  const words = files.split('\0');
  const kinds = new Map<string, string>();
  for (let at = 0; at + 1 < words.length; at += 2) kinds.set(`/${words[at]}`, words[at + 1] ?? '');
  // `SUM  ./PATH` (sha256sum(1)).
  const ended = sums.split('\0').filter((line) => line !== '');
  return { kinds, sums: new Map(ended.map((line) => [line.slice(67), line.slice(0, 64)])) };
}
