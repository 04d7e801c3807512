/** Has rsync copy from another host, and says how far it is. */
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { explained, isUnexplained } from '../../storage/backup/duplicity.ts';
import { whileThereIsRoom } from '../../storage/backup/room.ts';
import { type Fetching, fetchArgv, type Remote } from '../../storage/backup/target.ts';

/** Some files were gone before they were sent: the other host goes on with its work meanwhile. */
const vanished = 24;

/** @param names are those that are fetched; all where absent. @throws Failure */
export async function fetchFolder(
  machine: Machine,
  from: Remote,
  into: string,
  what: Omit<Fetching, 'only'>,
  names?: readonly string[],
): Promise<string> {
  const argv = fetchArgv(from, machine.at(into), { ...what, only: names !== undefined });
  return whileThereIsRoom(machine, async (until) => {
    const { code, out, err } = await machine.patiently(
      argv,
      until,
      names?.map((name) => `${name}\n`).join(''),
    );
    if (code === 0 || code === vanished) return out;
    throw problem(from, err, code);
  });
}

function problem({ user, host }: Remote, err: string, code: number): Failure {
  const [line = `exit code ${code}`] = err.trim().split('\n');
  if (/failed: Permission denied \(13\)/.test(err))
    return new Failure(
      `${user} may not read all of it on ${host}: ${line}`,
      'name a user who may, such as root',
    );
  const why = explained('restore', err, code);
  return isUnexplained(why)
    ? new Failure(`${host} could not be copied: ${line}`, 'then again: what is here is not copied again')
    : why;
}
