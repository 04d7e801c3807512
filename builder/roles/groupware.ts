/** Calendars, contacts and ActiveSync: SOGo, with its database on the storage root. */
import { headerOptions } from './dialect.ts';
import type { Role } from './role.ts';

/** Where SOGo listens, on loopback. */
export const groupwarePort = 20000;

export const groupware: Role = {
  name: 'groupware',
  summary: 'calendars and contacts by CalDAV, CardDAV and ActiveSync, and their web pages at /SOGo',
  plan: (config, release) => ({
    ports: [{ port: groupwarePort, protocol: 'tcp', name: 'sogo', public: false }],
    values: {
      groupwarePort,
      messageSizeLimit: config.mail.messageSizeLimit,
      headerOptions: headerOptions(release),
    },
  }),
};
