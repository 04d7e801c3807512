/** The mails of a mailbox that lies in a folder, as a backup had it: what each is, and which of them are wanted. */
import type { Machine } from '../machine/machine.ts';
import { folderName, type MailHead, readHead } from '../mail/mail-head.ts';

/** What mails must have, all of it; every mail where there is nothing. */
export interface Sought {
  /** As people know its name; INBOX is the mailbox itself. */
  readonly folder?: string | undefined;
  readonly from?: string | undefined;
  readonly subject?: string | undefined;
  readonly messageId?: string | undefined;
  /** Days, `2026-11-26`; both count. */
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface OldMail extends Omit<MailHead, 'date'> {
  readonly path: string;
  readonly folder: string;
  readonly bytes: number;
  /** Its sender's, or that of its arrival where that is none. */
  readonly date: Date;
}

/** A head that is longer is one of an attacker's. */
const mostOfHead = 65_536;

export async function* oldMails(machine: Machine, root: string): AsyncGenerator<OldMail> {
  for (const { path, folder } of await mailFiles(machine, root)) {
    // A link is no mail: whoever could write in the mailbox might have laid one.
    if (!(await machine.isPlainFile(path))) continue;
    const head = readHead(await firstBytes(machine, path));
    const bytes = (await machine.identity(path))?.size ?? 0;
    const date = head.date ?? (await machine.changed(path)) ?? new Date(0);
    yield { ...head, path, folder, bytes, date };
  }
}

/** Each with its folder. What is on its way into the mailbox (`tmp`) is no mail yet. */
export async function mailFiles(
  machine: Machine,
  root: string,
): Promise<readonly { readonly path: string; readonly folder: string }[]> {
  const names = (await machine.list(root)).filter((name) => /^\.[^.]/.test(name));
  const files = [];
  for (const [at, folder] of [[root, 'INBOX'], ...names.map((name) => [`${root}/${name}`, folderName(name)])])
    for (const part of [`${at}/cur`, `${at}/new`])
      if (await machine.isFolder(part))
        for (const name of await machine.list(part))
          files.push({ path: `${part}/${name}`, folder: folder ?? '' });
  return files;
}

/** What lies among the mails and is none: Dovecot would follow it. */
export async function removeLinks(machine: Machine, root: string): Promise<void> {
  for (const { path } of await mailFiles(machine, root))
    if (!(await machine.isPlainFile(path)) && !(await machine.isFolder(path))) await machine.remove(path);
}

async function firstBytes(machine: Machine, path: string): Promise<Buffer> {
  for await (const bytes of machine.chunks(path)) return bytes.subarray(0, mostOfHead);
  return Buffer.alloc(0);
}

/** Words as they are read, in capitals or not. */
const plain = (text: string) => text.normalize('NFC').toLowerCase();

export function isSought(mail: OldMail, sought: Sought): boolean {
  const { folder, from, subject, messageId, since, until } = sought;
  const day = mail.date.toISOString().slice(0, 10);
  return (
    (folder === undefined || plain(mail.folder) === plain(folder)) &&
    (from === undefined || plain(mail.from).includes(plain(from))) &&
    (subject === undefined || plain(mail.subject).includes(plain(subject))) &&
    (messageId === undefined || mail.messageId.includes(messageId.trim())) &&
    (since === undefined || day >= since) &&
    (until === undefined || day <= until)
  );
}
