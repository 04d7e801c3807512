/** The proofs that stand in the box's zones while an authority looks for them. */
import * as z from 'zod';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

const records = z.array(z.strictObject({ name: z.string(), value: z.string() }));
export type ProofRecord = z.infer<typeof records>[number];

/** What can't be read proves nothing. */
export async function readRecords(machine: Machine): Promise<ProofRecord[]> {
  const text = await machine.read(paths.acmeRecords);
  if (text === undefined) return [];
  try {
    return records.parse(JSON.parse(text));
  } catch {
    return [];
  }
}

export async function putRecords(machine: Machine, all: readonly ProofRecord[]): Promise<void> {
  if (all.length === 0) return machine.remove(paths.acmeRecords);
  await machine.putDirectory({ path: paths.acme, mode: 0o700 });
  await machine.put({ path: paths.acmeRecords, mode: 0o600, text: JSON.stringify(all) });
}
