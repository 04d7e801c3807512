/** Greylisting: a first-time sender is asked to come again, which most spam never does. */
import type { Role } from './role.ts';

export const postgrey: Role = {
  name: 'postgrey',
  summary: 'asks first-time senders to come again in a minute',
  plan: () => ({ ports: [{ port: 10023, protocol: 'tcp', name: 'postgrey', public: false }], values: {} }),
};
