/** Security upgrades without being asked. */
import type { Role } from './role.ts';

export const upgrades: Role = {
  name: 'upgrades',
  summary: 'installs security upgrades each day and never reboots by itself',
  plan: () => ({ ports: [], values: {} }),
};
