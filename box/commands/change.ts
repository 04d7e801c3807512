/** What the commands share that change accounts, aliases or zones: one at a time, and all that follows from a change. */
import { updateZones } from '../dns/publish.ts';
import { readSettings } from '../init/settings-file.ts';
import type { Machine } from '../machine.ts';
import { putRequiredAliases } from '../mail/accounts.ts';
import { updateTables } from '../mail/tell-opendkim.ts';

export async function locked(machine: Machine, work: () => Promise<void>): Promise<number> {
  const unlock = await machine.lock();
  try {
    await work();
    return 0;
  } finally {
    await unlock();
  }
}

/** What follows from accounts and aliases: required aliases, the domains that OpenDKIM signs for, and the zones. */
export async function settle(machine: Machine): Promise<void> {
  const settings = await readSettings(machine);
  const { hostname } = settings;
  await putRequiredAliases(machine, hostname);
  await updateTables(machine, hostname);
  await updateZones({ machine, settings, now: () => new Date() });
}
