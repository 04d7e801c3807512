/** Which units of systemd a service is. */
import type { Plan } from '../../../../builder/plan/plan.ts';

/** The one of its name, and where that is an empty shell (Debian 12's postfix.service), the real one behind it. */
export function unitsOf({ files }: Plan, service: string): string[] {
  const real = `${service}@`;
  const isShell = files.some(({ path }) => path === `/etc/systemd/system/${real}.service.d/box.conf`);
  return isShell ? [service, real] : [service];
}
