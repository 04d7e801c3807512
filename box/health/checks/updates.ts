/** Security updates that wait, and a kernel that waits for a reboot. */
import { paths } from '../../machine/paths.ts';
import { lastOutcome } from '../../upgrades/restart.ts';
import { type Check, ok, warning } from './check.ts';

export const updatesAreIn: Check = async ({ machine }) => {
  const title = 'security updates';
  // From the lists of the last daily update; nothing is fetched.
  const simulated = await machine.run([
    'apt-get',
    '--simulate',
    '-o',
    'Debug::NoLocking=true',
    'dist-upgrade',
  ]);
  const waiting = securityUpdates(simulated);
  const restart = await machine.exists(paths.rebootRequired);
  if (waiting.length > 0) {
    const some = waiting.slice(0, 5).join(', ');
    return [
      warning(
        title,
        `${waiting.length} to install: ${some}${waiting.length > 5 ? ', ...' : ''}`,
        'they are installed once a day; at once: unattended-upgrade',
      ),
    ];
  }
  if (restart)
    return [
      warning(title, 'installed, and one counts only after a reboot', 'reboot when it suits you', 'system'),
    ];
  const outcome = await lastOutcome(machine);
  if (outcome !== undefined && outcome.failed.length + outcome.left.length > 0) {
    const names = [...new Set([...outcome.failed, ...outcome.left.map(({ what }) => what)])].join(', ');
    return [
      warning(
        title,
        `installed, but still as before the upgrade of ${outcome.at}: ${names}`,
        'reboot when it suits you; before that, box outdated names it',
      ),
    ];
  }
  return [ok(title, 'none waits')];
};

/** Names in a simulated upgrade that come from a security archive: `Inst NAME [OLD] (NEW Debian-Security:12/stable-security [amd64])`. */
export function securityUpdates(simulated: string): string[] {
  const line = /^Inst (\S+) (?:\[[^\]]*\] )?\([^)]*-security\b/gim;
  return [...simulated.matchAll(line)].map(([, name = '']) => name);
}
