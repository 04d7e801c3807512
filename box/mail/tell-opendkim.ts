/** Brings OpenDKIM's tables up to date, and tells it. */
import type { Machine } from '../machine/machine.ts';
import { refreshServices } from '../machine/services.ts';
import { readImage } from '../machine/settings-file.ts';
import { currentTables } from './dkim.ts';

export async function updateTables(machine: Machine, hostname: string): Promise<void> {
  let changed = false;
  for (const table of await currentTables(machine, hostname)) {
    if (await machine.putChanged(table)) changed = true;
  }
  if (changed) await reloadOpendkim(machine);
}

export async function reloadOpendkim(machine: Machine): Promise<void> {
  await refreshServices(machine, await readImage(machine), [{ service: 'opendkim', by: 'reload' }]);
}
