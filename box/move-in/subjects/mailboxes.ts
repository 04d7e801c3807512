/** Mail, in Maildirs: flags are in the files' names, UIDs in dovecot-uidlist. What Dovecot makes of them itself stays behind. */
import { paths } from '../../machine/paths.ts';
import { readMailData } from '../../mail/users.ts';
import { counted } from '../old-box.ts';
import type { Subject } from './subject.ts';

export const mailboxesSubject: Subject = {
  title: 'mail',
  folders: [
    {
      path: paths.mailboxes,
      owner: 'mail:mail',
      modes: 'D0700,F0600',
      // An index of another Dovecot's, a count of bytes, an index of words: each is made anew.
      without: [
        'dovecot.index*',
        'dovecot.list.index*',
        'dovecot.mailbox.log*',
        'maildirsize',
        'lucene-indexes',
      ],
    },
  ],
  async look({ machine, accounts }) {
    const { users } = await readMailData(accounts);
    const known = new Set(users.map(({ email }) => email));
    const found: string[] = [];
    for (const domain of await machine.list(paths.mailboxes))
      for (const name of await machine.list(`${paths.mailboxes}/${domain}`)) found.push(`${name}@${domain}`);
    if (found.length === 0) return {};
    const removed = found.filter((email) => !known.has(email));
    return {
      comes: `${counted(found.length, 'mailbox', 'mailboxes')}, with folders, flags and UIDs`,
      ...(removed.length === 0
        ? {}
        : {
            stays: [
              `mailboxes without an account (${removed.slice(0, 5).join(', ')}${removed.length > 5 ? ' …' : ''}): their mail comes too; nobody reads it until: box account add EMAIL`,
            ],
          }),
    };
  },
};
