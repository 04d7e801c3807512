/** A cached layer of an image: `<folder>/<hash of the inputs>/<file>`, with the inputs as JSON beside it. */
import { randomBytes } from 'node:crypto';
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
import { digest } from '../digest.ts';

/** Everything that decides what a layer holds. */
export interface Inputs {
  readonly release: string;
  readonly packages: readonly string[];
  /** Any other input by its name in words; a file by its path and digest. */
  readonly others: Readonly<Record<string, string>>;
}

/** A layer as it stands in the cache, or as it will. */
export interface Layer {
  /** What it is, for people. */
  readonly title: string;
  /** All layers of its kind, a folder each. */
  readonly folder: string;
  readonly file: string;
  readonly hash: string;
  readonly inputs: Inputs;
  /** It is there. */
  readonly hit: boolean;
  /** Why it must be made, or that nothing changed since when. */
  readonly reason: string;
}

/** Looks a layer up, and makes nothing. */
export function findLayer(title: string, folder: string, name: string, inputs: Inputs): Layer {
  const hash = hashOf(inputs);
  const file = path.join(folder, hash, name);
  const hit = existsSync(file);
  const reason = hit
    ? `nothing changed since ${statSync(file).mtime.toISOString().slice(0, 16)}Z`
    : whyMiss(knownInputs(folder), inputs);
  return { title, folder, file, hash, inputs, hit, reason };
}

/**
 * Makes a layer where it is not there yet: `make` writes it to the path it is given. All that it leaves in that file's
 * folder is kept with the layer, and its work folder is removed.
 */
export async function makeLayer(
  { folder, file, hash, inputs, hit }: Layer,
  make: (file: string, workFolder: string) => Promise<void>,
): Promise<void> {
  if (hit) return;
  removeAbandoned(folder);
  const work = path.join(folder, `.work-${process.pid}-${randomBytes(4).toString('hex')}`);
  const made = path.join(work, hash);
  mkdirSync(made, { recursive: true });
  // Also when the builder is interrupted: what is half-made is a gigabyte.
  const discard = () => rmSync(work, { recursive: true, force: true });
  process.once('exit', discard);
  try {
    await make(path.join(made, path.basename(file)), work);
    writeFileAtomically(path.join(made, 'inputs.json'), `${JSON.stringify(inputs, null, 2)}\n`);
    flush(path.join(made, path.basename(file)));
    putInPlace(made, file);
  } finally {
    process.removeListener('exit', discard);
    discard();
  }
}

/** What names these inputs. */
export const hashOf = (inputs: Inputs) => digest(JSON.stringify(canonical(inputs)));

/** In words: what differs from the newest layer of its kind and release. `known` is newest first. */
export function whyMiss(known: readonly Inputs[], wanted: Inputs): string {
  const before = known.find(({ release }) => release === wanted.release);
  if (before === undefined) return 'there was none yet';
  const names = [...new Set([...Object.keys(before.others), ...Object.keys(wanted.others)])].sort();
  const changed = names.filter((name) => before.others[name] !== wanted.others[name]);
  const changes = [
    ...(changed.length === 0 ? [] : [`${some(changed)} changed`]),
    ...packageChange(before.packages, wanted.packages),
  ];
  return changes.length === 0 ? 'it is gone' : changes.join('; ');
}

/** A few names, and how many more. */
export function some(names: readonly string[], atMost = 4): string {
  const more = names.length - atMost;
  return more > 0 ? `${names.slice(0, atMost).join(', ')} and ${more} more` : names.join(', ');
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

/** Two runs may make the same layer at once: the first one's is kept, and the other's was as good. */
function putInPlace(made: string, file: string): void {
  try {
    renameSync(made, path.dirname(file));
  } catch (error) {
    if (!existsSync(file)) throw error;
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

/** A layer that is named after its inputs is trusted from then on, so it must be on the medium before it has its name. */
function flush(file: string): void {
  const descriptor = openSync(file, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
