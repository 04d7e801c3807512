/** The DMARC milter: does the domain that a mail names as its author stand by it (RFC 7489)? */
import { known } from './dialect.ts';
import type { Role } from './role.ts';

export const opendmarc: Role = {
  name: 'opendmarc',
  summary: 'checks SPF and DMARC of incoming mail and records the verdict, or refuses what a domain disowns',
  plan: ({ inbound }, release) => ({
    ports: [{ port: 8893, protocol: 'tcp', name: 'dmarc-milter', public: false }],
    values: {
      rejectFailures: inbound.dmarc === 'reject',
      newerSettings: known(release.versions.opendmarc, [
        // Its own look at SPF, not what a header says. An older one leaves SPF to the spam filter.
        { since: '1.3', name: 'SPFIgnoreResults', value: 'true' },
        { since: '1.3', name: 'SPFSelfValidate', value: 'true' },
        // People who logged in are no strangers.
        { since: '1.3', name: 'IgnoreAuthenticatedClients', value: 'true' },
        // What is counted for reports to others (/usr/lib/box/count-reports). Who looks at no SPF would report what is not so.
        { since: '1.3', name: 'HistoryFile', value: '/var/lib/box-dmarc/history' },
        { since: '1.3', name: 'PublicSuffixList', value: '/usr/share/publicsuffix/public_suffix_list.dat' },
      ]),
    },
  }),
};
