/** What the page about backups says of a restore of mail: what is looked for, how far it is, and how it ended. */
import type { MailRestore } from '../../contract/api.ts';
import { size } from './backups.ts';
import { counted, filled, words } from './spoken.ts';

/** `20261126T133000Z` as people read it; a day as it is. */
export const readable = (time: string): string =>
  time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3 $4:$5:$6 UTC');

/** Of which account and backup, and what of it. */
export function whatIsSought({ email, sought }: MailRestore): string {
  const said = words().restore;
  const { time, folder, from, subject, message_id: id, since, until } = sought;
  const which = [
    ...(folder === undefined ? [] : [filled(said.inFolder, { folder })]),
    ...(from === undefined ? [] : [filled(said.fromSender, { from })]),
    ...(subject === undefined ? [] : [filled(said.withSubject, { subject })]),
    ...(id === undefined ? [] : [filled(said.withId, { id })]),
    ...(since === undefined ? [] : [filled(said.fromDay, { day: since })]),
    ...(until === undefined ? [] : [filled(said.untilDay, { day: until })]),
  ];
  const what = which.length === 0 ? said.whole : filled(said.mails, { which: which.join(', ') });
  return filled(said.sought, { email, what, time: time === undefined ? said.lastBackup : readable(time) });
}

export function howFar({ step, mails }: MailRestore): string {
  const said = words().restore;
  if (step === 'waits') return said.begins;
  if (step === 'fetch') return mails === 0 ? said.fetched : counted(said.fetchedSoFar, mails);
  if (step === 'look') return counted(said.lookedThrough, mails);
  return step === 'copy' ? counted(said.copied, mails) : '';
}

/** Of one that has ended well. */
export function howItEnded({ found, restored }: MailRestore): string {
  const said = words().restore;
  if (restored !== undefined)
    return restored.mails === 0
      ? said.nothingBack
      : counted(said.cameBack, restored.mails, { folder: restored.folder });
  if (found === undefined) return '';
  if (found.mails === 0) return said.nothing;
  const folders = found.folders.map(({ name, mails }) => `${name} ${mails}`).join(', ');
  return counted(said.wouldComeBack, found.mails, { size: size(found.bytes), folders });
}

/** The form by which the API is asked for the same once more: to do it, where before it only looked. */
export const asOrdered = ({ email, sought }: MailRestore): Readonly<Record<string, string>> => ({
  email,
  ...(Object.fromEntries(Object.entries(sought).filter(([, value]) => value !== undefined)) as Record<
    string,
    string
  >),
});
