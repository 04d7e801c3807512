/** Every subject, in the order in which they are told and laid. */
import { accountsSubject } from './accounts.ts';
import { calendarsSubject } from './calendars.ts';
import { filtersSubject } from './filters.ts';
import { leftBehindSubject } from './left-behind.ts';
import { mailboxesSubject } from './mailboxes.ts';
import { recordsSubject } from './records.ts';
import { dkimSubject, dnssecSubject } from './signing-keys.ts';
import { spamFilterSubject } from './spam-filter.ts';
import type { Subject } from './subject.ts';
import { tlsSubject } from './tls.ts';
import { webSubject } from './web.ts';
import { webmailSubject } from './webmail.ts';

export const subjects: readonly Subject[] = [
  accountsSubject,
  mailboxesSubject,
  filtersSubject,
  spamFilterSubject,
  webmailSubject,
  calendarsSubject,
  dkimSubject,
  dnssecSubject,
  tlsSubject,
  recordsSubject,
  webSubject,
  leftBehindSubject,
];
