/** The DKIM milter: signs what the box sends, verifies what it gets. */
import type { Role } from './role.ts';

export const opendkim: Role = {
  name: 'opendkim',
  summary: 'signs outgoing mail with DKIM and records the verdict on incoming mail',
  plan: () => ({ ports: [{ port: 8891, protocol: 'tcp', name: 'dkim-milter', public: false }], values: {} }),
};
