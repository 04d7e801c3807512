/** The control panel: a web process without rights, and the keeper, which has them and decides who may what. */
import { headerOptions } from './dialect.ts';
import type { Role } from './role.ts';

export const panel: Role = {
  name: 'panel',
  summary: 'the control panel and its HTTP API at /admin',
  plan: (_config, release) => ({
    // Its sockets lie in the file system.
    ports: [],
    values: { headerOptions: headerOptions(release) },
  }),
};
