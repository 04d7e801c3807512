/** `box status`: looks at the running box and says what is well and what is not. */
import { runChecks } from '../checks/all.ts';
import { type CheckResult, error } from '../checks/check.ts';
import { Failure } from '../failure.ts';
import { readImage, readSettings } from '../init/settings-file.ts';
import type { Call, Command } from './command.ts';

export const statusCommand: Command = {
  name: 'status',
  operands: [],
  summary: 'look at everything that should run; exit code 1 if there is an error',
  options: { json: { type: 'boolean' } },
  optionHelp: { json: 'print a list of {title, state, text, remedy}' },
  async run(call) {
    return report(call, await look(call));
  },
};

/** Prints what was found, and gives the exit code. */
export function report({ options, say }: Call, results: readonly CheckResult[]): number {
  if (options.json === true) say(JSON.stringify(results, null, 2));
  else for (const result of results) for (const line of lines(result)) say(line);
  return results.some(({ state }) => state === 'error') ? 1 : 0;
}

async function look({ machine, now }: Call): Promise<CheckResult[]> {
  const image = await readImage(machine);
  try {
    return await runChecks({ machine, image, settings: await readSettings(machine), now });
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    // Without settings the box is closed and nothing else on it can be judged.
    return [error('settings', cause.message, cause.hint)];
  }
}

function lines({ title, state, text, remedy }: CheckResult): string[] {
  const first = `${state.padEnd(8)} ${title}: ${text}`;
  return remedy === undefined ? [first] : [first, `         -> ${remedy}`];
}
