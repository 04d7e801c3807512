/** Mail in a browser: Roundcube, run by a PHP of its own that nginx alone may speak to. */
import { headerOptions } from './dialect.ts';
import { groupwarePort } from './groupware.ts';
import { hasRole, type Role } from './role.ts';

export const webmail: Role = {
  name: 'webmail',
  summary: 'webmail at /mail',
  plan: (config, release) => ({
    // Its socket lies in the file system.
    ports: [],
    values: {
      messageSizeLimit: config.mail.messageSizeLimit,
      headerOptions: headerOptions(release),
      // Where its contacts are, if not in Roundcube's own address book.
      contacts: hasRole('contacts', config, release) ? [{ groupwarePort }] : [],
      calendar: hasRole('calendar', config, release) ? [{}] : [],
    },
  }),
};
