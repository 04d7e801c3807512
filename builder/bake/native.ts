/** Bakes without a boot: runs the provision steps in the base's root file system; a failed bake keeps its tree and its log. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Compiled } from '../compile.ts';
import type { Report } from '../host/progress.ts';
import { RunError, run } from '../host/run.ts';
import { provisionSteps, stepEnvironment, stepLines, stepsDone } from '../outputs/packer/provision-steps.ts';
import { projectRoot } from '../paths.ts';
import { BakeError } from './bake-error.ts';
import { inNamespace } from './namespace.ts';

export interface NativeBuild {
  readonly compiled: Pick<Compiled, 'release'>;
  /** The base tree, a tar archive. */
  readonly base: string;
  readonly out: string;
  /** Scratch folder; kept when the bake fails. */
  readonly work: string;
  readonly report: Report;
}

const insider = 'base/inside.sh';
/** Decide what comes of a tree, besides the steps. */
export const insiders = [insider, 'base/unpack.sh'] as const;

/** Writes the provisioned and sealed root file system, a tar archive, to `file`. @throws BakeError */
export async function nativeBuild(
  { compiled, base, out, work, report }: NativeBuild,
  file: string,
): Promise<void> {
  emptyWork(work);
  const scripts = path.join(work, 'scripts');
  for (const folder of [path.join(out, 'bake'), path.join(projectRoot, 'packer/provision')])
    cpSync(folder, scripts, { recursive: true });
  const steps = ['sh', '-e', '-c', stepLines.join('\n')];
  const log = path.join(work, 'bake.log');
  report('unpacking the base tree', 0.01);
  try {
    await run(
      inside({ work, from: base, to: file, scripts }, [...stepEnvironment(compiled.release), ...steps]),
      {
        log,
        onLine: follow(report),
      },
    );
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    // It failed before there was a tree to keep.
    if (!existsSync(file)) throw error;
    const tree = path.join(work, 'tree.tar');
    await run(['mv', file, tree]);
    const enter = path.join(work, 'enter');
    writeFileSync(enter, enterScript(work, tree), { mode: 0o755 });
    throw new BakeError(lastStep(readFileSync(log, 'utf8')), {
      'whole log': log,
      'tree as it was': tree,
      'look inside': enter,
    });
  }
}

/** An empty work folder; what a killed bake left of a tree may belong to ids that only its namespace can delete, and it does. */
export function emptyWork(work: string): void {
  mkdirSync(path.join(work, 'place'), { recursive: true });
  for (const name of readdirSync(work).filter((each) => each !== 'place'))
    rmSync(path.join(work, name), { recursive: true, force: true });
}

interface Tree {
  readonly work: string;
  readonly from: string;
  readonly to: string;
  readonly scripts: string;
}

/** The command that runs `argv` in a tree. */
function inside({ work, from, to, scripts }: Tree, argv: readonly string[]): readonly [string, ...string[]] {
  const absolute = (name: string) => (name === '' ? '' : path.resolve(name));
  const paths = [path.join(work, 'place'), from, to, scripts].map(absolute);
  return [...inNamespace, 'sh', path.join(projectRoot, insider), ...paths, ...argv];
}

/** A program that opens a shell in the tree, or runs the command that it is given. */
function enterScript(work: string, tree: string): string {
  const quoted = inside({ work, from: tree, to: '', scripts: '' }, []).map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  return `#!/bin/sh
# Opens a shell in the root file system of a failed bake, or runs the command that it is given. The steps are in /root/bake.
# What is changed there is gone afterwards.
[ $# -gt 0 ] || set -- bash -l
exec ${quoted.join(' ')} "$@"
`;
}

/** The steps' lines, as a fraction of the bake: what is left then is to pack the tree, and the disk. */
function follow(report: Report): (line: string) => void {
  let done = 0.1;
  return (line) => {
    const step = stepsDone(line);
    if (step !== undefined) done = 0.1 + (0.5 * step) / provisionSteps.length;
    if (line.trim() !== '') report(line.trim(), done);
  };
}

/** What the step that failed said; all of the end where no step began. */
export function lastStep(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const from = lines.map((line) => line.startsWith('letterbox: step ')).lastIndexOf(true);
  return from === -1 ? lines.slice(-20) : lines.slice(from);
}
