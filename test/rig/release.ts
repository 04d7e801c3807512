/**
 * The release of the tested image, and how its init system is asked. LETTERBOX_RELEASE names it where it is not example.yaml's:
 * `make test-release` sets it.
 */
import { command } from '../../box/machine/services.ts';
import { loadConfig } from '../../builder/config/load.ts';
import { releases } from '../../releases/index.ts';
import type { Release } from '../../releases/release.ts';

export const release = (() => {
  const name = process.env.LETTERBOX_RELEASE ?? loadConfig('example.yaml').config.release;
  const known = releases.get(name);
  if (known === undefined)
    throw new Error(`LETTERBOX_RELEASE=${name}: there is ${[...releases.keys()].join(', ')}`);
  return known;
})();

/** Shell lines that each init system has in its own words. */
interface Init {
  readonly stop: (service: string) => string;
  /** Prints what it counts as failed, and nothing where all is well. */
  readonly failed: string;
  readonly kernelLog: string;
}

const inits: Record<Release['init'], Init> = {
  systemd: {
    stop: (service) => `systemctl stop ${service}`,
    failed: 'systemctl list-units --failed --no-legend --plain',
    kernelLog: 'journalctl -k --no-pager',
  },
  upstart: {
    stop: (service) => `service ${service} stop`,
    // A job that ended is no other than one that never began: what should run is asked for.
    failed: `python3 -c "import json; print('\\n'.join(json.load(open('/usr/lib/box/image.json'))['services']))" |
      while read -r name; do /usr/lib/box/service runs "$name" >/dev/null 2>&1 || echo "$name"; done`,
    kernelLog: 'dmesg',
  },
};

export const init = inits[release.init];

/** Restarts a service, by the release's own command. */
export const restart = (service: string): string => command(release, 'restartService', service).join(' ');
