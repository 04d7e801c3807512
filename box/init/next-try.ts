/** Waits before a restore is tried again: longer each time, but not once something has come that may help. */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { kernelClock } from '../machine/report.ts';

/** Seconds: to the second try, and at the most. Hosts that went away come back, and nobody is near. */
const firstPause = 15;
const longestPause = 900;
const look = 1_000;

export const pauseAfter = (tries: number) => Math.min(firstPause * 2 ** (tries - 1), longestPause);

/** Whether something was brought. @param tries how many there were since the last time that something was */
export async function untilNextTry(machine: Machine, tries: number): Promise<boolean> {
  const end = kernelClock() + pauseAfter(tries);
  const before = await brought(machine);
  while (kernelClock() < end) {
    await new Promise((resolve) => setTimeout(resolve, look));
    if ((await brought(machine)) !== before) return true;
  }
  return false;
}

/** Changes with what an owner can bring: a key, or other settings. */
async function brought(machine: Machine): Promise<string> {
  const files = [paths.backupKey, paths.settings];
  return JSON.stringify(await Promise.all(files.map((file) => machine.identity(file))));
}
