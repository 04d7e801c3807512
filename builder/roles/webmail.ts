/** Mail in a browser: Roundcube, run by a PHP of its own that nginx alone may speak to. */
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

export const webmail: Role = {
  name: 'webmail',
  summary: 'webmail at /mail',
  wanted: ({ webmail }) => webmail !== 'none',
  plan: ({ mail }, release) => ({
    // Its socket lies in the file system.
    ports: [],
    values: {
      messageSizeLimit: mail.messageSizeLimit,
      // Before 1.7.5 a header can't be added to an error page.
      headerOptions: isAtLeast(release.versions.nginx, '1.7.5') ? ' always' : '',
    },
  }),
};
