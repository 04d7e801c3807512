/**
 * Gives mail of one account back from a backup, all of it or what is looked for, in a folder of its own beside what the account has:
 * nothing that is there is touched. Dovecot reads the old mailbox and copies, with folders, flags and dates (doveadm-import(1)).
 */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { mailboxOf, paths } from '../machine/paths.ts';
import { readMailData } from '../mail/users.ts';
import { alone, type Surroundings } from '../storage/backup/alone.ts';
import { bring, placeOf, whenever } from '../storage/backup/restore.ts';
import { whileThereIsRoom } from '../storage/backup/room.ts';
import { stamp } from '../storage/backup/sets.ts';
import { below } from '../storage/backup/snapshots.ts';

export interface WantedMail {
  readonly account: string;
  /** As it was then; the last backup where absent. */
  readonly time?: string | undefined;
  /** What the mails must have, all of it; everything where there is nothing. */
  readonly folder?: string | undefined;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
}

/** In which folder they lie, and how many. @throws Failure */
export async function restoreMail(
  { machine, now }: Surroundings,
  wanted: WantedMail,
): Promise<{ folder: string; mails: number }> {
  const { account } = wanted;
  const time = whenever(wanted.time);
  const target = await placeOf(machine);
  if (!(await readMailData(machine)).users.some(({ email }) => email === account))
    throw new Failure(`there is no account ${account}`, `box account add ${account}, then again`);
  const folder = `Restored ${stamp(now())}`;
  return alone(machine, async () => {
    await machine.removeTree(paths.restoredMail);
    try {
      const found = await whileThereIsRoom(machine, (until) =>
        bring(machine, target, below(mailboxOf(account)), paths.restoredMail, time, until),
      );
      if (!found)
        throw new Failure(`${account} has no mail in that backup`, 'name another time: box backup list');
      return { folder, mails: await copied(machine, wanted, folder) };
    } finally {
      await machine.removeTree(paths.restoredMail);
    }
  });
}

async function copied(machine: Machine, wanted: WantedMail, folder: string): Promise<number> {
  const { account } = wanted;
  const from = `maildir:${machine.at(paths.restoredMail)}`;
  const { code, err } = await machine.patiently([
    // Without the index, which knows the mailbox of today and would find no mail that was deleted since.
    ...['doveadm', '-o', 'mail_plugins=quota', 'import', '-u', account, from, folder],
    ...query(wanted),
  ]);
  if (code !== 0)
    throw new Failure(
      `${account}: ${err.trim().split('\n').slice(-2).join('; ') || `doveadm ended with ${code}`}`,
      `what came lies in the folder "${folder}"; mend that, then again`,
    );
  const counting = ['doveadm', '-f', 'flow', 'mailbox', 'status', '-u', account, 'messages', `${folder}*`];
  const { out } = await machine.outcome(counting);
  return [...out.matchAll(/messages=(\d+)/g)].reduce((sum, [, count]) => sum + Number(count), 0);
}

/** In the words of doveadm-search-query(7), each an argument. */
function query({ folder, subject, messageId }: WantedMail): string[] {
  const words = [
    ...(folder === undefined ? [] : ['mailbox', folder]),
    ...(subject === undefined ? [] : ['subject', subject]),
    ...(messageId === undefined ? [] : ['header', 'message-id', messageId]),
  ];
  return words.length === 0 ? ['all'] : words;
}
