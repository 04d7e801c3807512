/** Debian 13 (trixie): the release of example.yaml, on which all tests run. */
import { debian } from './debian.ts';

export const debian13 = debian({
  name: 'debian-13',
  title: 'Debian 13 (trixie)',
  suite: 'trixie',
  versions: {
    postfix: '3.10.13',
    dovecot: '2.4.1',
    opendmarc: '1.4.2',
    openssl: '3.5',
    nginx: '1.26.3',
    nsd: '4.12.0',
    fail2ban: '1.1.0',
    cloudInit: '25.1',
    postgresql: '17',
    php: '8.4',
    roundcube: '1.6.20',
  },
  groupwareFiles: '/usr/share/GNUstep/SOGo/WebServerResources',
});
