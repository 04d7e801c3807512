/** The operating system itself: cloud-init, sshd, kernel settings, journal. */
import type { Role } from './role.ts';

export const system: Role = {
  name: 'system',
  summary: 'cloud-init, ssh by key only, kernel hardening, journal limits and the message of the day',
  plan: () => ({ ports: [], values: {} }),
};
