/** The box program: first boot, readiness and the `box` command. */
import type { Role } from './role.ts';

export const box: Role = {
  name: 'box',
  summary: 'the box program and the units that run it at boot',
  shared: ['services'],
  plan: () => ({ ports: [], values: {} }),
};
