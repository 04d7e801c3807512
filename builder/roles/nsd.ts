/** The name server of the box's own zones. */
import { known } from './dialect.ts';
import type { Role } from './role.ts';

export const nsd: Role = {
  name: 'nsd',
  summary: 'answers for the box’s own zones, signed',
  plan: (_config, release) => ({
    ports: [
      { port: 53, protocol: 'udp', name: 'domain', public: true },
      { port: 53, protocol: 'tcp', name: 'domain', public: true },
    ],
    values: {
      newerSettings: known(release.versions.nsd, [
        // The zones are small: their files are enough.
        { since: '4.1.0', name: 'database', value: '""' },
        // `hide-version` refuses the question itself; this is for what it leaves.
        { since: '4.1.7', name: 'version', value: '""' },
        // An IPv6 address is not ready at once; without this NSD would not start.
        { since: '3.2.16', until: '4.1.10', name: 'ip-transparent', value: 'yes' },
        { since: '4.1.10', name: 'ip-freebind', value: 'yes' },
        { since: '4.1.16', name: 'minimal-responses', value: 'yes' },
        // The whole of a name to whoever asks by TCP only: no use to one who forges addresses.
        { since: '4.1.21', name: 'refuse-any', value: 'yes' },
        { since: '4.2.0', name: 'hide-identity', value: 'yes' },
        { since: '4.3.2', name: 'log-only-syslog', value: 'yes' },
      ]),
    },
  }),
};
