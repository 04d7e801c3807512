/** Hands what was laid ready of calendars and contacts to the image's groupware, person by person. May be cut and run again. */
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';

/** Gives how many people's. @throws Failure for the first that could not be taken; it and what comes after it stay laid ready */
export async function importGroupware(machine: Machine, say: (line: string) => void): Promise<number> {
  const files = (await machine.list(paths.movedIn)).filter((name) => name.endsWith('.json'));
  if (files.length > 0 && !(await machine.exists(paths.importGroupware)))
    throw new Failure('this image has no groupware', 'launch one that has it, then again');
  for (const name of files) {
    const account = name.slice(0, -'.json'.length);
    const file = `${paths.movedIn}/${name}`;
    const { code, err } = await machine.patiently([paths.importGroupware, machine.at(file)]);
    if (code !== 0)
      throw new Failure(
        `calendars and contacts of ${account} could not be taken: ${err.trim().split('\n').at(-1) ?? `exit code ${code}`}`,
        'does the groupware run? see: box status; then again',
      );
    await machine.remove(file);
    say(`${account}: calendars and contacts are here`);
  }
  await machine.removeTree(paths.movedIn);
  return files.length;
}
