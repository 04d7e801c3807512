/** The packet filter, closed from the first moment of a boot: the fence. */
import type { Release } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';
import { groupwareDoors } from './groupware.ts';
import { loopbackDoors } from './loopback-doors.ts';
import { hasRole, type Role } from './role.ts';
import { searchPort } from './search.ts';
import { sendersDoors } from './senders.ts';

/**
 * How many TCP connections one source may have at a time: an IPv4 address, or an IPv6 /64. An office behind one address stays
 * below, and each daemon takes several times as many in all. At port 25 it is more than Postfix's own limit, which says why.
 */
export const connectionLimits = [
  { name: 'ssh', ports: [22], most: 30 },
  { name: 'smtp', ports: [25], most: 40 },
  { name: 'dns', ports: [53], most: 30 },
  { name: 'web', ports: [80, 443], most: 128 },
  { name: 'submission', ports: [465, 587], most: 60 },
  { name: 'mailboxes', ports: [993, 995, 4190], most: 128 },
];

export const firewall: Role = {
  name: 'firewall',
  summary: 'the fence: ssh only until the box is ready, then the public ports too',
  shared: ['publicTcpPorts', 'publicUdpPorts'],
  plan: (config, release) => ({
    ports: [],
    values: {
      limits: connectionLimits.map(({ ports, ...limit }) => ({ ...limit, ports: ports.join(',') })),
      ...(release.packetFilter === 'iptables' ? { guarded: guarded(config, release) } : {}),
    },
  }),
};

/** Ports on loopback, and who of the box's users may come to each. Root looks whether they answer. */
const guarded = (config: Config, release: Release) => [
  ...[...loopbackDoors(config, release), ...groupwareDoors(config, release), ...sendersDoors].map(
    ({ port, users }) => ({
      port,
      users: ['root', ...users],
    }),
  ),
  // Dovecot's own processes, which are mail's, ask the index of the mails' texts.
  ...(hasRole('search', config, release) ? [{ port: searchPort, users: ['root', 'mail'] }] : []),
];
