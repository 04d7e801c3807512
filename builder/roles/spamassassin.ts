/** The spam filter, between Postfix's queue and Dovecot's delivery, and its training by the people it works for. */
import type { Role } from './role.ts';

export const spamassassin: Role = {
  name: 'spamassassin',
  summary: 'scores incoming mail for spam, and learns from what people move in and out of Spam',
  plan: () => ({ ports: [{ port: 10025, protocol: 'tcp', name: 'spampd', public: false }], values: {} }),
};
