/** Mail in a browser: Roundcube, run by a PHP of its own that nginx alone may speak to. */
import type { Release } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

/** Without a word of the config, where the release can. */
export const hasWebmail = ({ webmail }: Config, { lacksRoles }: Release): boolean =>
  webmail !== 'none' && !lacksRoles.includes('webmail');

export const webmail: Role = {
  name: 'webmail',
  summary: 'webmail at /mail',
  wanted: hasWebmail,
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
