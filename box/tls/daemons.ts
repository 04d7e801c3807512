/** The services that serve the certificate, and how they learn of a new one. */
import type { Refresh } from '../init/step.ts';

export const tlsDaemons: readonly Refresh[] = [
  { service: 'postfix', by: 'reload' },
  { service: 'dovecot', by: 'reload' },
  { service: 'nginx', by: 'reload' },
];
