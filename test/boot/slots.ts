/**
 * As many virtual machines at a time as there are cores, and two at the least, since a test compares two. Test files
 * run one after the other: two that each hold a slot and want another would wait for ever. A slot is a file lock that
 * QEMU itself holds (flock(1) hands it on), so that it is free at the moment QEMU ends, however it ends.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { projectRoot } from '../../builder/paths.ts';
import { start } from './program.ts';
import { waitFor } from './wait.ts';

const folder = path.join(projectRoot, 'test-artefacts/slots');
const taken = 75;

/** Starts a program in the first free slot; waits for one as long as other tests may take. */
export async function startInSlot(argv: readonly string[], log: string): Promise<ChildProcess> {
  mkdirSync(folder, { recursive: true });
  const slots = Array.from({ length: Math.max(2, availableParallelism()) }, (_, i) =>
    path.join(folder, String(i)),
  );
  return waitFor('a free slot for a virtual machine', 1800, async () => {
    for (const slot of slots) {
      const flock = ['flock', '--no-fork', '--nonblock', '--conflict-exit-code', String(taken), slot];
      const child = start([...flock, ...argv], log);
      await Promise.race([sleep(500), new Promise((resolve) => child.once('close', resolve))]);
      if (child.exitCode !== taken) return child;
    }
    return undefined;
  });
}
