/** `box status`: looks at the running box and says what is well and what is not. */
import { runChecks } from '../health/checks/all.ts';
import { type CheckResult, error, type Subject } from '../health/checks/check.ts';
import { readFirstSteps } from '../health/first-steps/read.ts';
import { firstStepsSaid } from '../health/first-steps/said.ts';
import { lastSeen } from '../health/last-seen.ts';
import { lookAtAll } from '../health/look.ts';
import { tellChanges } from '../health/tell.ts';
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import { readImage, readSettings } from '../machine/settings-file.ts';
import { healDatabases, keepGoodCopies } from '../storage/databases.ts';
import type { Call, Command } from './command.ts';

export const statusCommand: Command = {
  name: 'status',
  operands: [],
  summary: 'look at everything that should run; exit code 1 if there is an error',
  options: {
    json: { type: 'boolean' },
    all: { type: 'boolean' },
    cached: { type: 'boolean' },
    tell: { type: 'boolean' },
  },
  optionHelp: {
    json: 'print a list of {title, state, text, remedy, page, step}',
    all: 'look at what the world sees, too',
    cached: 'show what the last --all saw, and when',
    tell: '--all, and mail the administrator what changed since the last --tell; for the nightly run',
  },
  async run(call) {
    const { machine, options, say } = call;
    if (options.tell === true) {
      const subject = await subjectOf(call);
      // What can't be healed or copied stays as it was; the look says why.
      await exclusively(machine, async () => {
        await healDatabases(machine);
        await keepGoodCopies(machine);
      }).catch(() => undefined);
      say((await tellChanges(subject, await lookAtAll(subject))) ? 'changes were mailed' : 'nothing changed');
      return 0;
    }
    if (options.cached === true) {
      const seen = await lastSeen(machine);
      if (seen === undefined) throw new Failure('nothing was looked at since the boot', 'box status --all');
      if (options.json !== true) say(`checked at ${seen.checkedAt}`);
      return conclude(call, seen.results);
    }
    return conclude(call, await look(call));
  },
};

/** Then what a new box waits for: of what this look did not look at, as the last one saw it. */
async function conclude(call: Call, results: readonly CheckResult[]): Promise<number> {
  const code = report(call, results);
  if (call.options.json === true) return code;
  const { machine, say, now } = call;
  const before = await lastSeen(machine).catch(() => undefined);
  const told = new Set(results.map(({ title }) => title));
  const others = (before?.results ?? []).filter(({ title }) => !told.has(title));
  const seen = { checkedAt: now().toISOString(), results: [...results, ...others] };
  for (const line of firstStepsSaid(await readFirstSteps(machine, seen), before !== undefined)) say(line);
  return code;
}

/** Prints what was found, and gives the exit code. */
export function report({ options, say }: Call, results: readonly CheckResult[]): number {
  if (options.json === true) say(JSON.stringify(results, null, 2));
  else for (const result of results) for (const line of lines(result)) say(line);
  return results.some(({ state }) => state === 'error') ? 1 : 0;
}

async function look(call: Call): Promise<readonly CheckResult[]> {
  try {
    const subject = await subjectOf(call);
    return call.options.all === true ? (await lookAtAll(subject)).results : await runChecks(subject);
  } catch (cause) {
    if (!(cause instanceof Failure)) throw cause;
    // Without settings the box is closed and nothing else on it can be judged.
    return [error('settings', cause.message, cause.hint)];
  }
}

async function subjectOf({ machine, now }: Call): Promise<Subject> {
  return { machine, image: await readImage(machine), settings: await readSettings(machine), now };
}

function lines({ title, state, text, remedy }: CheckResult): string[] {
  const first = `${state.padEnd(8)} ${title}: ${text}`;
  return remedy === undefined ? [first] : [first, `         -> ${remedy}`];
}
