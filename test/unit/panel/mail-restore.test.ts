/** What the panel says of a restore of mail, at each step and each end. */
import test from 'ava';
import type { MailRestore } from '../../../contract/api.ts';
import { asOrdered, howFar, howItEnded, readable, whatIsSought } from '../../../panel/words/mail-restore.ts';

const one: MailRestore = {
  ...{ email: 'me@example.com', look: true, sought: {}, ordered_at: '2026-11-24T12:00:00Z' },
  ...{ step: 'waits', mails: 0 },
};

test('what is looked for, in words', (t) => {
  t.is(whatIsSought(one), 'me@example.com, the whole mailbox, as of the last backup');
  const sought = { time: '20261126T133000Z', subject: 'invoice', from: 'ann', since: '2026-11-20' };
  t.is(
    whatIsSought({ ...one, sought }),
    'me@example.com, mails from “ann”, with “invoice” in the subject, from 2026-11-20 on, as of 2026-11-26 13:30:00 UTC',
  );
  t.is(readable('2026-11-26'), '2026-11-26');
  t.deepEqual(asOrdered({ ...one, sought: { ...sought, folder: undefined } }), {
    email: one.email,
    ...sought,
  });
});

test('how far it is', (t) => {
  t.is(howFar(one), 'It begins.');
  t.is(howFar({ ...one, step: 'fetch' }), 'The mailbox is fetched from the backup.');
  t.is(howFar({ ...one, step: 'fetch', mails: 1 }), 'The mailbox is fetched from the backup: 1 mail so far.');
  t.is(howFar({ ...one, step: 'look', mails: 2 }), '2 mails of the backup are looked through.');
  t.is(howFar({ ...one, step: 'copy', mails: 1 }), '1 mail is copied into the mailbox.');
});

test('how it ended', (t) => {
  const ended: MailRestore = { ...one, step: 'ended' };
  const folders = [{ name: 'INBOX', mails: 2 }];
  t.is(
    howItEnded({ ...ended, found: { mails: 2, bytes: 2048, folders, newest: [] } }),
    '2 mails would come back, 2 KB: INBOX 2.',
  );
  t.is(
    howItEnded({ ...ended, found: { mails: 0, bytes: 0, folders: [], newest: [] } }),
    'No mail in that backup is like that.',
  );
  t.is(
    howItEnded({ ...ended, restored: { mails: 1, folder: 'Restored X' } }),
    '1 mail came back. It lies in the folder “Restored X” of the account.',
  );
  t.regex(howItEnded({ ...ended, restored: { mails: 0, folder: 'x' } }), /nothing came back/);
});
