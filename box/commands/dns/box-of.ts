/** The box that a command of `box dns` works on. */
import { readSettings } from '../../init/settings-file.ts';
import type { Box } from '../../init/step.ts';
import type { Call } from '../command.ts';

export async function boxOf({ machine, now }: Call): Promise<Box> {
  return { machine, settings: await readSettings(machine), now };
}
