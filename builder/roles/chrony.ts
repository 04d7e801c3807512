/** The clock: certificates, DNSSEC signatures and DKIM need a right one. */
import type { Role } from './role.ts';

export const chrony: Role = {
  name: 'chrony',
  summary: 'keeps the clock right and serves time to nobody',
  plan: () => ({ ports: [], values: {} }),
};
