/** Reads and keeps what is counted. Who counts may write there and nowhere else, so whoever reads it believes its shape alone. */
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { bounds, noTally, type Tally, tallySchema } from './tally.ts';

export const tallyOwner = { owner: 'box-counts', group: 'box-counts' } as const;

/** Nothing is counted where the file is none of ours: some reports less are no reason to send none again. */
export async function readTally(machine: Machine): Promise<Tally> {
  const size = (await machine.identity(paths.tally))?.size ?? 0;
  if (size === 0 || size > bounds.file) return noTally;
  try {
    const read = tallySchema.safeParse(JSON.parse((await machine.read(paths.tally)) ?? ''));
    return read.success ? read.data : noTally;
  } catch {
    return noTally;
  }
}

export async function keepTally(machine: Machine, tally: Tally): Promise<void> {
  await machine.put({ path: paths.tally, mode: 0o600, ...tallyOwner, text: `${JSON.stringify(tally)}\n` });
}
