/** Calendars, contacts and ActiveSync: SOGo, with its database on the storage root. */
import type { Release } from '../../releases/release.ts';
import type { Config } from '../config/schema.ts';
import { isAtLeast } from './dialect.ts';
import type { Role } from './role.ts';

/** Without a word of the config, where the release can. */
export const hasGroupware = ({ groupware }: Config, { lacksRoles }: Release): boolean =>
  groupware !== 'none' && !lacksRoles.includes('groupware');

export const groupware: Role = {
  name: 'groupware',
  summary: 'calendars and contacts by CalDAV, CardDAV and ActiveSync, and their web pages at /SOGo',
  wanted: hasGroupware,
  plan: (config, release) => ({
    ports: [{ port: groupwarePort, protocol: 'tcp', name: 'sogo', public: false }],
    values: {
      groupwarePort,
      messageSizeLimit: config.mail.messageSizeLimit,
      // Before 1.7.5 a header can't be added to an error page.
      headerOptions: isAtLeast(release.versions.nginx, '1.7.5') ? ' always' : '',
    },
  }),
};

const groupwarePort = 20000;
