/** A box of the lab that is ready, and what lies in its mailboxes: what most tests of mail begin and end with. */
import type { Settings } from '../../../contract/settings.ts';
import { trustClients } from '../../rig/behaviour.ts';
import { type Account, Reader } from '../../rig/mail.ts';
import { hostname, type Owner } from '../../rig/owner.ts';
import { waitFor } from '../../rig/wait.ts';
import type { Lab } from './lab.ts';
import type { LabBox } from './nspawn.ts';

export async function started(
  lab: Lab,
  name: string,
  owner: Owner,
  settings?: Partial<Settings>,
  memoryMiB?: number,
): Promise<LabBox> {
  const box = await lab.box(name, owner, settings, memoryMiB);
  await becomesReady(box);
  await trustClients(box);
  return box;
}

/** @throws with what it says where it does not. */
export async function becomesReady(box: LabBox): Promise<void> {
  await box.start();
  const said = await box.console.outcome();
  if (said.stage !== 'ready')
    throw new Error(`${box.options.name}: ${said.step}: ${said.error} (${said.hint})`);
}

/** It was cut off, and takes mail again. */
export async function bootsAgain(box: LabBox): Promise<void> {
  await box.kill();
  await becomesReady(box);
  await trustClients(box);
}

/** Whether IMAP lets them in, by curl(1)'s exit code: 67 is a log-in that was denied. */
export async function logsIn(box: LabBox, account: Account): Promise<number | null> {
  const reader = await Reader.of(box, hostname, account, box.folder);
  return (await reader.curl(`imaps://${hostname}:993/INBOX`, ['request = "NOOP"'])).code;
}

/** Adds an account with the owner's password. */
export async function addAccount(box: LabBox, owner: Owner, email: string): Promise<Account> {
  await box.run(`box account add ${email}`, `${owner.password}\n`);
  return { email, password: owner.password };
}

/** Subjects of all mail that an account has, also what the spam filter put aside, sorted. Waits until the box has nothing left to deliver. */
export async function subjects(box: LabBox, email: string): Promise<string[]> {
  await queueIsEmpty(box);
  const script = 'doveadm -f flow fetch -u "$1" hdr.subject all';
  const found = await box.run(`set -- '${email}'; ${script}`);
  return subjectsIn(found);
}

/** Subjects in what `doveadm -f flow fetch ... hdr.subject` printed, sorted. */
export const subjectsIn = (fetched: string): string[] =>
  [...fetched.matchAll(/^hdr\.subject=(.*)$/gm)].map(([, subject = '']) => subject.trim()).sort();

/** @throws after a minute, with what still waits. */
export async function queueIsEmpty(box: LabBox): Promise<void> {
  let waiting = '';
  await waitFor('an empty queue', async () => {
    waiting = (await box.run('postqueue -j')).trim();
    return waiting === '' ? true : undefined;
  }).catch((error: Error) => {
    throw new Error(`${error.message}; in it: ${waiting}`);
  });
}
