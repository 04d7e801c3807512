/** Which boot of the machine this is: waits that began at another one begin anew. */
import { readReport } from '../../init/report.ts';
import type { Machine } from '../../machine.ts';

/** As `box init` found it: a unit that is kept apart may see another one, where the machine is a container. */
export async function bootId(machine: Machine): Promise<string> {
  return (await readReport(machine))?.bootId ?? '';
}
