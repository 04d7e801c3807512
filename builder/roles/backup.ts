/** Backups of the storage root, every night, encrypted: duplicity. */
import type { Role } from './role.ts';

export const backup: Role = {
  name: 'backup',
  summary: 'copies the storage root every night, encrypted, to the box itself or to another host',
  plan: () => ({ ports: [], values: {} }),
};
