/** Whether the clock can be believed where something seems to be of the future: either it was ahead then, or it is behind now. */
import type { Machine } from './machine.ts';
import { readImage } from './settings-file.ts';

/** No clock of a box is right before the box program was written. */
const earliest = Date.parse('2026-01-01T00:00:00Z');

/**
 * It follows a time server. What was made while it was ahead is to be made anew then, and not before: by a clock that is
 * behind it would be of the past.
 */
export async function isClockRight(machine: Machine, now: Date): Promise<boolean> {
  if (now.getTime() < earliest) return false;
  return machine.succeeds((await readImage(machine)).commands.clockIsSet);
}
