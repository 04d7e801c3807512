/** What follows from accounts and aliases: required aliases, the domains that OpenDKIM signs for, and the zones. */
import { updateZones } from '../dns/publish.ts';
import { refreshServices } from '../init/services.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import type { Machine } from '../machine.ts';
import { putRequiredAliases } from '../mail/accounts.ts';
import { currentTables } from '../mail/dkim.ts';

/** Gives the zones that changed. */
export async function settle(machine: Machine): Promise<readonly string[]> {
  const settings = await readSettings(machine);
  const { hostname } = settings;
  await putRequiredAliases(machine, hostname);
  let changed = false;
  for (const table of await currentTables(machine, hostname)) {
    if (await machine.putChanged(table)) changed = true;
  }
  if (changed)
    await refreshServices(machine, await readImage(machine), [{ service: 'opendkim', by: 'reload' }]);
  return (await updateZones({ machine, settings, now: () => new Date() })).changed;
}
