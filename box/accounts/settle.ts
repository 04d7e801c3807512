/** What follows from accounts and aliases: required aliases, the domains that OpenDKIM signs for, the zones and the web sites. */
import { updateZones } from '../dns/publish.ts';
import type { Machine } from '../machine/machine.ts';
import { readSettings } from '../machine/settings-file.ts';
import { updateTables } from '../mail/opendkim.ts';
import { putRequiredAliases } from '../mail/users.ts';
import { followWeb } from '../web/publish.ts';

/** Gives the zones that changed. */
export async function settle(
  machine: Machine,
  now: () => Date = () => new Date(),
): Promise<readonly string[]> {
  const settings = await readSettings(machine);
  const { hostname } = settings;
  await putRequiredAliases(machine, hostname);
  await updateTables(machine, hostname);
  const box = { machine, settings, now };
  const { changed } = await updateZones(box);
  await followWeb(box);
  return changed;
}
