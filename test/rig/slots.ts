/**
 * One virtual machine more at a time than there are cores, since one of them often waits for its test; three at the least: a test
 * compares two, and another file's machine must not wait for both. One file alone may have a test with two at once: two such files that
 * each hold a slot and want another would wait for ever. A slot is a file lock that QEMU itself holds (flock(1) hands it on), so that
 * it is free at the moment QEMU ends, however it ends.
 */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { projectRoot } from '../../builder/paths.ts';
import { ended, start } from './program.ts';
import { waitFor } from './wait.ts';

const folder = path.join(projectRoot, 'test-artefacts/slots');
const taken = 75;
let started = 0;

/** Starts a program in the first free slot; waits for one as long as other tests may take. */
export async function startInSlot(argv: readonly string[], log: string): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const slots = Array.from({ length: Math.max(3, availableParallelism() + 1) }, (_, i) =>
    path.join(folder, String(i)),
  );
  return waitFor(
    'a free slot for a virtual machine',
    async () => {
      for (const slot of slots) {
        const child = await startIn(slot, argv, log);
        if (child !== undefined) return child;
      }
      return undefined;
    },
    { seconds: 1800 },
  );
}

/** Starts a program that holds this slot; undefined if another one holds it. However slow the machine is: both say so. */
async function startIn(
  slot: string,
  argv: readonly string[],
  log: string,
): Promise<ChildProcess | undefined> {
  const mine = `${slot}.taken-by-${process.pid}-${++started}`;
  const flock = ['flock', '--no-fork', '--nonblock', '--conflict-exit-code', String(taken), slot];
  // The shell runs once the lock is held, says so, and becomes the program.
  const child = start([...flock, 'sh', '-c', ': >"$0" && exec "$@"', mine, ...argv], log);
  await Promise.race([
    ended(child),
    waitFor(`${slot} to be taken`, () => (existsSync(mine) || child.exitCode !== null ? true : undefined)),
  ]);
  rmSync(mine, { force: true });
  return child.exitCode === taken ? undefined : child;
}
