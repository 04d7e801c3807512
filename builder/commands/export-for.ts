/** `letterbox export --for`: makes the file that a cloud imports, with progress. */
import type { Cloud } from '../../clouds/cloud.ts';
import { type Exported, exportFor, findExport } from '../bake/export-for.ts';
import type { Config } from '../config/schema.ts';
import { type draw, Progress } from '../host/progress.ts';

/** Seconds, mostly of packing and of reading back. */
const expected = 90;

/** @throws ExportError */
export function exportThere(
  { name, boot: { cpus, memory } }: Config,
  cloud: Cloud,
  out: string,
  emit: ReturnType<typeof draw>,
): Promise<Exported> {
  const wanted = { cloud, out, appliance: { name, cpus, memory } };
  // Before a step begins: what is missing is no failure of it.
  findExport(wanted);
  return new Progress(emit, [expected]).step({
    title: `export for ${cloud.name}`,
    expected,
    run: (report) => exportFor(wanted, report),
    note: ({ what, reason }) => `${what}, ${reason}`,
  });
}
