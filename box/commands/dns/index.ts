/** `box dns`: the zones that the box answers for. */
import type { Command } from '../command.ts';
import { addressCommands } from './address.ts';
import { check } from './check.ts';
import { customCommands } from './custom.ts';
import { ds } from './ds.ts';
import { rolloverCommands } from './rollover.ts';
import { secondaryCommands } from './secondary.ts';
import { show } from './show.ts';
import { update } from './update.ts';

export const dnsCommands: readonly Command[] = [
  show,
  update,
  ds,
  ...rolloverCommands,
  check,
  ...customCommands,
  ...secondaryCommands,
  ...addressCommands,
];
