/** The spam filter, between Postfix's queue and Dovecot's delivery, and its training by the people it works for. */
import type { Role } from './role.ts';

/** How many mails are filtered at once. Postfix brings no more: those beyond would wait at the door, and time out there. */
export const spamFilterProcesses = 3;

export const spamassassin: Role = {
  name: 'spamassassin',
  summary: 'scores incoming mail for spam, and learns from what people move in and out of Spam',
  plan: () => ({
    ports: [{ port: 10025, protocol: 'tcp', name: 'spampd', public: false }],
    values: { spamFilterProcesses },
  }),
};
