/** What the last look at everything saw, as it is kept for whoever asks next. */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import type { Seen } from './checks/check.ts';

/** At this boot: another image has seen nothing yet. */
export async function lastSeen(machine: Machine): Promise<Seen | undefined> {
  const text = await machine.read(paths.status);
  return text === undefined ? undefined : (JSON.parse(text) as Seen);
}
