/** The log files. */
import type { Role } from './role.ts';

export const rsyslog: Role = {
  name: 'rsyslog',
  summary: 'log files, with all mail in /var/log/mail.log',
  plan: () => ({ ports: [], values: {} }),
};
