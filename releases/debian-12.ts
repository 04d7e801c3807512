/** Debian 12 (bookworm). */
import { debian } from './debian.ts';

export const debian12 = debian({
  name: 'debian-12',
  title: 'Debian 12 (bookworm)',
  suite: 'bookworm',
  versions: {
    postfix: '3.7.11',
    dovecot: '2.3.19',
    opendmarc: '1.4.2',
    openssl: '3.0',
    nginx: '1.22.1',
    nsd: '4.6.1',
    fail2ban: '1.0.2',
    cloudInit: '22.4',
    postgresql: '15',
    php: '8.2',
    roundcube: '1.6.5',
  },
  groupwareFiles: '/usr/lib/GNUstep/SOGo/WebServerResources',
});
