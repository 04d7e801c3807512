/** Fetches many accounts' mail, some at once, and tells how far each is. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { fetchAccount, mailsOf } from './fetch.ts';
import type { Row } from './table.ts';

/** Others wait: an account costs both servers, and this one receives mail meanwhile. */
const atOnce = 3;
/** Milliseconds between two looks at how far each is. */
const pause = 10_000;

/** Gives what failed; the others are fetched all the same. @throws Failure while another run is at work */
export async function fetchAll(
  machine: Machine,
  rows: readonly Row[],
  say: (line: string) => void,
): Promise<readonly Failure[]> {
  const unlock = await machine.lock(0, paths.moveInLock).catch(() => {
    throw new Failure('another box move-in imap is at work', 'wait for it to end');
  });
  const failures: Failure[] = [];
  const waiting = rows.map((row, number) => ({ row, number }));
  // Two of one account would be in each other's way.
  const busy = new Set<string>();
  const next = () => {
    const at = waiting.findIndex(({ row }) => !busy.has(row.account));
    return at === -1 ? undefined : waiting.splice(at, 1)[0];
  };
  const worker = async () => {
    for (let job = next(); job !== undefined; job = next()) {
      const { row, number } = job;
      busy.add(row.account);
      const failure = await one(machine, row, number, say);
      if (failure !== undefined) failures.push(failure);
      busy.delete(row.account);
    }
  };
  try {
    await machine.removeTree(paths.moveInImap);
    await machine.putDirectory({ path: paths.moveInImap, mode: 0o700 });
    await Promise.all(Array.from({ length: atOnce }, worker));
    // What had to wait for its account when the other workers found nothing more.
    await worker();
  } finally {
    await machine.removeTree(paths.moveInImap);
    await unlock();
  }
  return failures;
}

async function one(
  machine: Machine,
  row: Row,
  number: number,
  say: (line: string) => void,
): Promise<Failure | undefined> {
  const { account, host } = row;
  const before = await mailsOf(machine, account);
  say(`${account}: begins, from ${host}; ${before} mails are here`);
  let told = before;
  const watch = setInterval(async () => {
    const now = await mailsOf(machine, account).catch(() => told);
    if (now !== told) say(`${account}: ${now} mails are here`);
    told = now;
  }, pause);
  try {
    await fetchAccount(machine, row, number);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    say(`${error.message} -> ${error.hint}`);
    return error;
  } finally {
    clearInterval(watch);
  }
  const after = await mailsOf(machine, account);
  say(`${account}: done; ${after - before} came, ${after} are here`);
  return undefined;
}
