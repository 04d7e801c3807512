/** The box's own validating resolver, which DANE and DKIM rely on. */
import type { Role } from './role.ts';

export const resolver: Role = {
  name: 'resolver',
  summary: 'a DNSSEC-validating resolver for the box alone',
  plan: () => ({
    ports: [
      { port: 53, protocol: 'udp', name: 'domain', public: false },
      { port: 53, protocol: 'tcp', name: 'domain', public: false },
    ],
    values: {},
  }),
};
