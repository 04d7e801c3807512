/** An index of the mails' texts for Dovecot's searches, as mails come, so that a search doesn't read them all. */
import type { Role } from './role.ts';

/** Solr's own port, on loopback: Dovecot speaks to the index as to Solr. */
export const searchPort = 8983;

export const search: Role = {
  name: 'search',
  summary: 'an index of the mails’ texts, which IMAP searches ask',
  plan: () => ({
    ports: [{ port: searchPort, protocol: 'tcp', name: 'search', public: false }],
    values: { searchPort },
  }),
};
