/** A command that changes the box: one at a time, and 0 when it is done. */
import { exclusively } from '../machine/exclusively.ts';
import type { Machine } from '../machine/machine.ts';

export async function locked(machine: Machine, work: () => Promise<void>): Promise<number> {
  await exclusively(machine, work);
  return 0;
}
