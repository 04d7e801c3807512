/** Tells Postfix, for each recipient's domain, what TLS its servers must show: DANE, then MTA-STS. */
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

/** On loopback: Postfix's processes that ask live in a chroot, where a socket's path is not the system's. */
export const tlsPolicyPort = 8461;

export const tlsPolicy: Role = {
  name: 'tls-policy',
  summary: 'answers Postfix how the servers of a domain must be spoken to: DANE, then MTA-STS',
  plan: (_config, release) => ({
    ports: [{ port: tlsPolicyPort, protocol: 'tcp', name: 'tls-policy', public: false }],
    values: { tlsPolicyPort, sendsServerName: isAtLeast(release.versions.postfix, '3.4') },
  }),
};
