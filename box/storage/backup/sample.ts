/**
 * A backup that was never restored is a hope. So once a month a sample of the newest one is given back into a scratch folder, and looked
 * at: the accounts' database, and one account's inbox beside the one that is there. How that went is told by the status.
 */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { mailboxOf, paths } from '../../machine/paths.ts';
import { runStatements } from '../../machine/sqlite.ts';
import { bring } from './restore.ts';
import { whileThereIsRoom } from './room.ts';
import { below, snapshotOf } from './snapshots.ts';
import type { Tested } from './state.ts';
import type { Place } from './target.ts';

const month = 30 * 86_400_000;
/** Of one mailbox; each is compared byte by byte. */
const mostMails = 20;

export const isTestDue = (last: Tested | undefined, now: Date): boolean =>
  last === undefined || last.problem !== undefined || now.getTime() - Date.parse(last.at) >= month;

/** Restores the sample. Never throws what the backup's fault is: that is the answer. */
export async function testRestore(machine: Machine, target: Place, now: Date): Promise<Tested> {
  const at = now.toISOString();
  await machine.removeTree(paths.backupSample);
  try {
    await machine.putDirectory({ path: paths.backupSample, mode: 0o700 });
    await whileThereIsRoom(machine, (until) => looksRight(machine, target, now, until));
    return { at };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { at, problem: { what: error.message, hint: error.hint } };
  } finally {
    await machine.removeTree(paths.backupSample);
  }
}

async function looksRight(machine: Machine, target: Place, now: Date, until: AbortSignal): Promise<void> {
  const database = `${paths.backupSample}/users.sqlite`;
  if (!(await bring(machine, target, below(snapshotOf(paths.accounts)), database, undefined, until)))
    throw new Failure('the accounts are not in it', 'make a full one: box backup run --full');
  const [state, users] = await runStatements(
    machine,
    database,
    [{ sql: 'PRAGMA quick_check(1)' }, { sql: 'SELECT email FROM users WHERE id > 0 ORDER BY id' }],
    { damaged: 'make a full one: box backup run --full' },
  );
  if (state?.rows[0]?.quick_check !== 'ok')
    throw new Failure('the accounts’ database in it is damaged', 'make a full one: box backup run --full');
  const accounts = (users?.rows ?? []).map(({ email }) => String(email));
  // Another one each month; one that never got a mail shows nothing.
  const first = Math.floor(now.getTime() / month) % Math.max(accounts.length, 1);
  for (const account of [...accounts.slice(first), ...accounts.slice(0, first)])
    if (await isLikeOurs(machine, target, account, until)) return;
}

/** False: it has no mail in its inbox there. @throws Failure where a mail is another than the one of its name that is there */
async function isLikeOurs(
  machine: Machine,
  target: Place,
  account: string,
  until: AbortSignal,
): Promise<boolean> {
  const mailbox = mailboxOf(account);
  let found = 0;
  // What was read, and what was not yet.
  for (const part of ['cur', 'new']) {
    const place = `${paths.backupSample}/${part}`;
    if (!(await bring(machine, target, below(`${mailbox}/${part}`), place, undefined, until))) return false;
    for (const mail of (await machine.list(place)).slice(0, mostMails)) {
      found++;
      const ours = await machine.read(`${mailbox}/${part}/${mail}`, 'latin1');
      // What its reader has moved or deleted since is not there to compare with.
      if (ours !== undefined && ours !== (await machine.read(`${place}/${mail}`, 'latin1')))
        throw new Failure(
          `a mail of ${account} came back as another: ${mail}`,
          'make a full one: box backup run --full; then look at the disk (dmesg)',
        );
    }
    await machine.removeTree(place);
  }
  return found > 0;
}
