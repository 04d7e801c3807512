/** The box that a command of `box dns` works on. */
import type { Box } from '../../machine/box.ts';
import { readSettings } from '../../machine/settings-file.ts';
import type { Call } from '../command.ts';

export async function boxOf({ machine, now }: Call): Promise<Box> {
  return { machine, settings: await readSettings(machine), now };
}
