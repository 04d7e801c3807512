/** The cache of base disks: `<folder>/<hash of the inputs>/base.qcow2`, with the inputs as JSON beside it. */
import { createHash, randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../../host/write.ts';

/** Everything that decides what is on a base disk. */
export interface Inputs {
  readonly release: string;
  readonly packages: readonly string[];
  /** Any other input by its name in words; a file by its path and digest. */
  readonly others: Readonly<Record<string, string>>;
}

export interface Base {
  /** The disk, a qcow2. */
  readonly file: string;
  readonly hash: string;
  readonly hit: boolean;
  /** Why it was made, or that nothing changed since when. */
  readonly reason: string;
}

/**
 * Gives the disk with these inputs. Where there is none yet, `make` writes it to the path it is given: all that
 * it leaves in that file's folder is kept with the disk, and its work folder is removed.
 */
export async function cachedDisk(
  folder: string,
  inputs: Inputs,
  make: (file: string, workFolder: string) => Promise<void>,
): Promise<Base> {
  const hash = hashOf(inputs);
  const home = path.join(folder, hash);
  const file = path.join(home, 'base.qcow2');
  if (existsSync(file)) {
    return {
      file,
      hash,
      hit: true,
      reason: `nothing changed since ${statSync(file).mtime.toISOString().slice(0, 16)}Z`,
    };
  }
  const reason = whyMiss(knownInputs(folder), inputs);
  removeAbandoned(folder);
  const work = path.join(folder, `.work-${process.pid}-${randomBytes(4).toString('hex')}`);
  const made = path.join(work, hash);
  mkdirSync(made, { recursive: true });
  try {
    await make(path.join(made, 'base.qcow2'), work);
    writeFileAtomically(path.join(made, 'inputs.json'), `${JSON.stringify(inputs, null, 2)}\n`);
    flush(path.join(made, 'base.qcow2'));
    putInPlace(made, home);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return { file, hash, hit: false, reason };
}

/** 16 hexadecimal digits that name these inputs. */
export function hashOf(inputs: Inputs): string {
  return createHash('sha256')
    .update(JSON.stringify(canonical(inputs)))
    .digest('hex')
    .slice(0, 16);
}

/** In words: what differs from the newest disk of the same release. `known` is newest first. */
export function whyMiss(known: readonly Inputs[], wanted: Inputs): string {
  const before = known.find(({ release }) => release === wanted.release);
  if (before === undefined) return 'no base yet';
  const names = [...new Set([...Object.keys(before.others), ...Object.keys(wanted.others)])].sort();
  const changed = names.filter((name) => before.others[name] !== wanted.others[name]);
  const changes = [
    ...(changed.length === 0 ? [] : [`${changed.join(', ')} changed`]),
    ...packageChange(before.packages, wanted.packages),
  ];
  return changes.length === 0 ? 'the disk is gone' : changes.join('; ');
}

function packageChange(before: readonly string[], wanted: readonly string[]): string[] {
  const added = wanted.filter((name) => !before.includes(name)).map((name) => `+${name}`);
  const removed = before.filter((name) => !wanted.includes(name)).map((name) => `-${name}`);
  return added.length + removed.length === 0
    ? []
    : [`packages changed: ${[...added, ...removed].sort().join(' ')}`];
}

/** Order of packages and of keys makes no difference. */
function canonical({ release, packages, others }: Inputs): unknown {
  return [
    release,
    [...new Set(packages)].sort(),
    Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1)),
  ];
}

function knownInputs(folder: string): Inputs[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((name) => path.join(folder, name, 'inputs.json'))
    .filter((file) => existsSync(file))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .map((file) => JSON.parse(readFileSync(file, 'utf8')) as Inputs);
}

/** Two runs may make the same disk at once: the first one's is kept, and the other's was as good. */
function putInPlace(made: string, home: string): void {
  try {
    renameSync(made, home);
  } catch (error) {
    if (!existsSync(path.join(home, 'base.qcow2'))) throw error;
  }
}

/** Work of a process that was killed; that of one still running is left alone. */
function removeAbandoned(folder: string): void {
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const pid = /^\.work-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !runs(Number(pid)))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  }
}

function runs(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** A disk that is named after its inputs is trusted from then on, so it must be on the medium before it has its name. */
function flush(file: string): void {
  const descriptor = openSync(file, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
