/** What the page about backups says of a restore of mail: what is looked for, how far it is, and how it ended. Pure. */
import type { MailRestore } from '../../contract/api.ts';
import { size } from './backups.ts';

const many = (count: number, word: string) => `${count} ${word}${count === 1 ? '' : 's'}`;

/** `20261126T133000Z` as people read it; a day as it is. */
export const readable = (time: string): string =>
  time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3 $4:$5:$6 UTC');

/** Of which account and backup, and what of it. */
export function whatIsSought({ email, sought }: MailRestore): string {
  const { time, folder, from, subject, message_id, since, until } = sought;
  const words = [
    ...(folder === undefined ? [] : [`in ${folder}`]),
    ...(from === undefined ? [] : [`from “${from}”`]),
    ...(subject === undefined ? [] : [`with “${subject}” in the subject`]),
    ...(message_id === undefined ? [] : [`with the Message-ID ${message_id}`]),
    ...(since === undefined ? [] : [`from ${since} on`]),
    ...(until === undefined ? [] : [`until ${until}`]),
  ];
  const what = words.length === 0 ? 'the whole mailbox' : `mails ${words.join(', ')}`;
  return `${email}, ${what}, as of ${time === undefined ? 'the last backup' : readable(time)}`;
}

export function howFar({ step, mails }: MailRestore): string {
  if (step === 'waits') return 'It begins.';
  if (step === 'fetch')
    return mails === 0
      ? 'The mailbox is fetched from the backup.'
      : `The mailbox is fetched from the backup: ${many(mails, 'mail')} so far.`;
  if (step === 'look')
    return `${many(mails, 'mail')} of the backup ${mails === 1 ? 'is' : 'are'} looked through.`;
  return step === 'copy'
    ? `${many(mails, 'mail')} ${mails === 1 ? 'is' : 'are'} copied into the mailbox.`
    : '';
}

/** Of one that has ended. */
export function howItEnded({ problem, found, restored }: MailRestore): string {
  if (problem !== undefined) return `It did not go well: ${problem.what}. What to do: ${problem.what_to_do}`;
  if (restored !== undefined)
    return restored.mails === 0
      ? 'No mail in that backup is like that: nothing came back.'
      : `${many(restored.mails, 'mail')} came back. ${restored.mails === 1 ? 'It lies' : 'They lie'} in the folder “${restored.folder}” of the account.`;
  if (found === undefined) return '';
  if (found.mails === 0) return 'No mail in that backup is like that.';
  const folders = found.folders.map(({ name, mails }) => `${name} ${mails}`).join(', ');
  return `${many(found.mails, 'mail')} would come back, ${size(found.bytes)}: ${folders}.`;
}

/** The form by which the API is asked for the same once more: to do it, where before it only looked. */
export const asOrdered = ({ email, sought }: MailRestore): Readonly<Record<string, string>> => ({
  email,
  ...(Object.fromEntries(Object.entries(sought).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >),
});
