/** The packet filter, closed from the first moment of a boot: the fence. */
import type { Role } from './role.ts';

export const firewall: Role = {
  name: 'firewall',
  summary: 'the fence: ssh only until the box is ready, then the public ports too',
  shared: ['publicTcpPorts', 'publicUdpPorts'],
  plan: () => ({ ports: [], values: {} }),
};
