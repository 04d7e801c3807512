/** Mail in a browser: Roundcube, run by a PHP of its own that nginx alone may speak to. */
import { headerOptions, isAtLeast, known } from './dialect.ts';
import { groupwarePort } from './groupware.ts';
import { loopbackDoors, sieveDoorPort, submissionDoorPort, webmailImapPort } from './loopback-doors.ts';
import { hasRole, type Role } from './role.ts';

export const webmail: Role = {
  name: 'webmail',
  summary: 'webmail at /mail',
  plan: (config, release) => {
    const { php, roundcube } = release.versions;
    return {
      // Its socket lies in the file system.
      ports: [],
      values: {
        // Since 7.0 Debian's programs and services are named after the version; before, php5 was every 5's name.
        ...(isAtLeast(php, '7.0') ? { php } : {}),
        // Debian's package of 1.6 is parted in two; as its makers have it, all is in one folder.
        publicFolder: isAtLeast(roundcube, '1.6')
          ? '/var/lib/roundcube/public_html'
          : '/usr/share/roundcube/public_html',
        // Before 7.3 PHP knows no SameSite, and hands the path on as it is.
        sessionPath: isAtLeast(php, '7.3') ? '/mail/' : '/mail/; SameSite=Strict',
        // Where there are doors, Roundcube is one that has the host and the port apart.
        doors: loopbackDoors(config, release).length === 0 ? [] : [{ sieveDoorPort, submissionDoorPort }],
        webmailImapPort,
        // Before, no variable of the service's own reaches a page unless it is named.
        poolSettings: known(php, [{ since: '5.5.11', name: 'clear_env', value: 'yes' }]),
        // Before 7.0 PHP warns where nobody names a zone; the person's own is in their settings.
        iniSettings: known(php, [
          { since: '5.1', until: '7.0', name: 'date.timezone', value: 'UTC' },
          { since: '7.3', name: 'session.cookie_samesite', value: 'Strict' },
        ]),
        compilerSettings: known(php, [{ since: '7.0', name: 'pcre.jit', value: '0' }]),
        messageSizeLimit: config.mail.messageSizeLimit,
        headerOptions: headerOptions(release),
        // Where its contacts are, if not in Roundcube's own address book.
        contacts: hasRole('contacts', config, release) ? [{ groupwarePort }] : [],
        calendar: hasRole('calendar', config, release) ? [{}] : [],
      },
    };
  },
};
