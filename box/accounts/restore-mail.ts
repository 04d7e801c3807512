/**
 * Gives mail of one account back from a backup, all of it or what is looked for, in a folder of its own beside what the account has:
 * nothing that is there is touched. What is not wanted is taken out of the copy, and Dovecot copies the rest, with folders, flags and
 * dates (doveadm-import(1)). The `box` command and the panel come here.
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
import { isSought, mailFiles, type OldMail, oldMails, removeLinks, type Sought } from './old-mails.ts';

export interface WantedMail extends Sought {
  readonly account: string;
  /** As it was then; the last backup where absent. */
  readonly time?: string | undefined;
}

/** How far it is; of what is being fetched, how many mails are here already. */
export type Tell = (step: 'fetch' | 'look' | 'copy', mails: number) => Promise<void>;

/** What would come back. */
export interface Found {
  readonly mails: number;
  readonly bytes: number;
  readonly folders: readonly { readonly name: string; readonly mails: number }[];
  /** Some of them, the newest first. */
  readonly newest: readonly Pick<OldMail, 'folder' | 'from' | 'subject' | 'date'>[];
}

/** Which are shown of many. */
const mostShown = 50;
/** Letters of a sender or subject. */
const mostOfField = 300;
/** Milliseconds between two counts of what has come. */
const pause = 3000;

const silently: Tell = async () => undefined;

/** @throws Failure where it can't be done whatever the backup holds: before anything is fetched */
export async function mayRestore(
  machine: Machine,
  { account, time, since, until }: WantedMail,
): Promise<void> {
  whenever(time);
  for (const day of [since, until])
    if (day !== undefined && !(/^\d{4}-\d\d-\d\d$/.test(day) && !Number.isNaN(Date.parse(day))))
      throw new Failure(`${day} is no day`, 'write it like 2026-11-26');
  await placeOf(machine);
  if (!(await readMailData(machine)).users.some(({ email }) => email === account))
    throw new Failure(`there is no account ${account}`, `box account add ${account}, then again`);
}

/** What of that backup is like that; nothing is given back. @throws Failure */
export async function findMail(it: Surroundings, wanted: WantedMail, tell = silently): Promise<Found> {
  return withOldMailbox(it, wanted, tell, async () => {
    const folders = new Map<string, number>();
    const found: OldMail[] = [];
    let [mails, bytes] = [0, 0];
    for await (const mail of oldMails(it.machine, paths.restoredMail)) {
      if (!isSought(mail, wanted)) continue;
      mails++;
      bytes += mail.bytes;
      folders.set(mail.folder, (folders.get(mail.folder) ?? 0) + 1);
      found.push(mail);
      if (found.length > 2 * mostShown) keepNewest(found);
    }
    keepNewest(found);
    return {
      ...{ mails, bytes },
      folders: [...folders].map(([name, count]) => ({ name, mails: count })),
      newest: found.map(({ folder, from, subject, date }) => ({
        ...{ folder, date },
        // A head may be as long as its sender likes.
        ...{ from: from.slice(0, mostOfField), subject: subject.slice(0, mostOfField) },
      })),
    };
  });
}

function keepNewest(found: OldMail[]): void {
  found.sort((one, other) => other.date.getTime() - one.date.getTime()).splice(mostShown);
}

/** In which folder they lie, and how many. @throws Failure */
export async function restoreMail(
  it: Surroundings,
  wanted: WantedMail,
  tell = silently,
): Promise<{ folder: string; mails: number }> {
  const folder = `Restored ${stamp(it.now())}`;
  return withOldMailbox(it, wanted, tell, async () => {
    let mails = 0;
    await removeLinks(it.machine, paths.restoredMail);
    for await (const mail of oldMails(it.machine, paths.restoredMail)) {
      if (isSought(mail, wanted)) mails++;
      else await it.machine.remove(mail.path);
    }
    if (mails === 0) return { folder, mails };
    await tell('copy', mails);
    return { folder, mails: await copied(it.machine, wanted.account, folder) };
  });
}

/** With the mailbox as the backup has it, in a folder that goes afterwards. */
async function withOldMailbox<T>(
  { machine }: Surroundings,
  wanted: WantedMail,
  tell: Tell,
  work: () => Promise<T>,
): Promise<T> {
  const { account } = wanted;
  await mayRestore(machine, wanted);
  const target = await placeOf(machine);
  const time = whenever(wanted.time);
  return alone(machine, async () => {
    await machine.removeTree(paths.restoredMail);
    try {
      const count = async () => (await mailFiles(machine, paths.restoredMail)).length;
      await tell('fetch', 0);
      let fetching = true;
      const counting = setInterval(() => {
        // A count that fails is no reason to end what it counts.
        count()
          .then((mails) => (fetching ? tell('fetch', mails) : undefined))
          .catch(() => undefined);
      }, pause);
      const found = await whileThereIsRoom(machine, (until) =>
        bring(machine, target, below(mailboxOf(account)), paths.restoredMail, time, until),
      ).finally(() => {
        fetching = false;
        clearInterval(counting);
      });
      if (!found)
        throw new Failure(`${account} has no mail in that backup`, 'name another time: box backup list');
      await tell('look', await count());
      return await work();
    } finally {
      await machine.removeTree(paths.restoredMail);
    }
  });
}

async function copied(machine: Machine, account: string, folder: string): Promise<number> {
  const from = `maildir:${machine.at(paths.restoredMail)}`;
  const { code, err } = await machine.patiently([
    // Without the index, which knows the mailbox of today and would find no mail that was deleted since.
    ...['doveadm', '-o', 'mail_plugins=quota', 'import', '-u', account, from, folder, 'all'],
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
