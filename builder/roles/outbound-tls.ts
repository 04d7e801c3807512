/** Tells Postfix, for each recipient's domain, what TLS its servers must show: DANE, then MTA-STS. */
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

/** On loopback: Postfix's processes that ask live in a chroot, where a socket's path is not the system's. */
export const outboundTlsPort = 8461;

export const outboundTls: Role = {
  name: 'outbound-tls',
  summary: 'answers Postfix how the servers of a domain must be spoken to: DANE, then MTA-STS',
  plan: (_config, release) => ({
    ports: [{ port: outboundTlsPort, protocol: 'tcp', name: 'outbound-tls', public: false }],
    values: {
      outboundTlsPort,
      sendsServerName: isAtLeast(release.versions.postfix, '3.4'),
      comparesPatterns: isAtLeast(release.versions.postfix, '3.10.5'),
    },
  }),
};
