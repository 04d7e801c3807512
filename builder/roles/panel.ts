/** The control panel: a web process without rights, and the keeper, which has them and decides who may what. */
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

export const panel: Role = {
  name: 'panel',
  summary: 'the control panel and its HTTP API at /admin',
  plan: (_config, release) => ({
    // Its sockets lie in the file system.
    ports: [],
    // Before 1.7.5 a header can't be added to an error page.
    values: { headerOptions: isAtLeast(release.versions.nginx, '1.7.5') ? ' always' : '' },
  }),
};
