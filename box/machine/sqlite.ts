/** SQL on one SQLite file, by the program of the image that does it (`sql.py`): bound parameters, one transaction. And its copy. */
import { Failure } from './failure.ts';
import { type Machine, python } from './machine.ts';
import { paths } from './paths.ts';

export interface Statement {
  readonly sql: string;
  readonly params?: readonly (string | number | null)[];
}
export interface Result<Row = Record<string, unknown>> {
  readonly rows: readonly Row[];
  readonly changes: number;
}

/**
 * Runs the statements, all or none.
 * @param how.create makes the file where there is none
 * @param how.damaged what to do where it can't be done for another reason than a full disk
 * @throws Failure
 */
export async function runStatements(
  machine: Machine,
  path: string,
  statements: readonly Statement[],
  how: { readonly create?: boolean; readonly damaged: string },
): Promise<readonly Result[]> {
  const order = { path: machine.at(path), create: how.create === true, statements };
  let reason: string;
  try {
    const out = await machine.ask([...python, machine.at(paths.sqlProgram)], JSON.stringify(order));
    const answer = JSON.parse(out) as { results: Result[] } | { error: string };
    if ('results' in answer) return answer.results;
    reason = answer.error;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    reason = error.message;
  }
  const remedy = /disk is full/.test(reason) ? 'free some room or grow the disk, then reboot' : how.damaged;
  throw new Failure(`${path}: ${reason}`, remedy);
}

/** A copy of a database in one step, while others write to it. Not `-readonly`, which the shell of SQLite 3.8.2 does not know. */
export async function copyDatabase(machine: Machine, database: string, copy: string): Promise<void> {
  const argv = ['sqlite3', '-cmd', '.timeout 60000', `file:${machine.at(database)}?mode=ro`];
  await machine.run([...argv, `.backup '${machine.at(copy)}'`]);
}
