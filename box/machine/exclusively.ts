/** Lets one change at a time happen on the box, whoever asks for it. */
import type { Machine } from './machine.ts';

export async function exclusively<T>(machine: Machine, work: () => Promise<T>): Promise<T> {
  const unlock = await machine.lock();
  try {
    return await work();
  } finally {
    await unlock();
  }
}
