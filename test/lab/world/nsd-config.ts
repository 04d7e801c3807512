/** What every name server of the lab is configured with: one process, all its files in a folder of its own, no remote control. */
import path from 'node:path';

/** nsd.conf(5) up to the keys and zones. `more`: further lines of the server clause. */
export function serverOf(folder: string, address: string, more: readonly string[] = []): string {
  const at = (name: string) => `"${path.join(folder, name)}"`;
  return [
    'server:',
    `  ip-address: ${address}`,
    '  server-count: 1',
    '  username: ""',
    `  zonesdir: ${at('')}`,
    '  database: ""',
    // One server is the whole internet here: what it kept from a box in a hurry would look like an outage of all of it.
    '  rrl-ratelimit: 0',
    `  pidfile: ${at('nsd.pid')}`,
    `  xfrdfile: ${at('xfrd.state')}`,
    `  zonelistfile: ${at('zone.list')}`,
    `  xfrdir: ${at('')}`,
    ...more.map((line) => `  ${line}`),
    'remote-control:',
    '  control-enable: no',
    '',
  ].join('\n');
}
