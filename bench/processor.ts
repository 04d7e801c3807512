/** Time of the processor, which a machine that others use as well changes less than what a clock says. */
import { readFileSync } from 'node:fs';

/** The kernel's unit for it, in seconds (proc(5), `sysconf(_SC_CLK_TCK)`): the same on every Linux of today. */
const tick = 0.01;

/** Seconds of this process and of every program that it started and that has ended. */
export function processorSeconds(): number {
  const { user, system } = process.cpuUsage();
  // The name in brackets may hold anything; what follows it are numbers, of which these are the fourteenth and fifteenth.
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (user + system) / 1e6 + (Number(fields[13]) + Number(fields[14])) * tick;
}

export interface Spent {
  readonly wall: number;
  readonly processor: number;
}

/** Seconds that a work takes, by the clock and of the processor. */
export async function spent(work: () => unknown): Promise<Spent> {
  const [began, before] = [performance.now(), processorSeconds()];
  await work();
  return { wall: (performance.now() - began) / 1000, processor: processorSeconds() - before };
}
