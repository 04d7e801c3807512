/** The settings for shell scripts, and nobody but root reads the settings themselves. */
import { type Settings, storageRoot } from '../../../contract/settings.ts';
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import type { Step } from './step.ts';

/** `/etc/box/box.env`: no secret in it, so any script may read it. */
export function environmentFile(settings: Settings): File {
  const values = {
    BOX_HOSTNAME: settings.hostname,
    BOX_ADMIN_EMAIL: settings.admin.email,
    BOX_TIMEZONE: settings.timezone,
    BOX_PUBLIC_IPV4: settings.publicIpv4 ?? '',
    BOX_PUBLIC_IPV6: settings.publicIpv6 ?? '',
    BOX_STORAGE_DEVICE: settings.storage.device ?? '',
    BOX_STORAGE_ROOT: storageRoot,
    BOX_REPORTS: settings.reports === false ? 'no' : 'yes',
  };
  // No value can hold a quote: the settings' patterns see to it.
  const lines = Object.entries(values).map(([name, value]) => `${name}='${value}'\n`);
  return { path: paths.environment, mode: 0o644, text: lines.join('') };
}

/** user-data may have written it with any mode, and it holds a password hash. */
const secret = { path: paths.settings, mode: 0o600 };

export const settingsStep: Step = {
  title: 'settings',
  async done({ machine, settings }) {
    return (await machine.holds(environmentFile(settings))) && (await machine.isOwned(secret));
  },
  async run({ machine, settings }) {
    await machine.own(secret);
    await machine.put(environmentFile(settings));
  },
};
