/** Mail in a browser: Roundcube, run by a PHP of its own that nginx alone may speak to. */
import { headerOptions } from './dialect.ts';
import type { Role } from './role.ts';

export const webmail: Role = {
  name: 'webmail',
  summary: 'webmail at /mail',
  plan: ({ mail }, release) => ({
    // Its socket lies in the file system.
    ports: [],
    values: {
      messageSizeLimit: mail.messageSizeLimit,
      headerOptions: headerOptions(release),
    },
  }),
};
