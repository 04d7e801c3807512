/** Brings OpenDKIM's tables up to date, and tells it. */
import { refreshServices } from '../init/services.ts';
import { readImage } from '../init/settings-file.ts';
import type { Machine } from '../machine.ts';
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
