/** Runs the steps in order, and says of each whether it was done already. */
import type { Box, Refresh } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import { kernelClock, type StepRecord, secondsSince } from '../machine/report.ts';
import type { Step, Tell } from './steps/step.ts';

/** A step that could not be done. */
export class StepFailed extends Error {
  override readonly name = 'StepFailed';
  constructor(
    readonly step: string,
    override readonly cause: unknown,
  ) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`);
  }
}

/** Gives each step's record as it ends. @throws StepFailed at the first step that fails and that mail needs. */
export async function* runSteps(
  steps: readonly Step[],
  box: Box,
  tell: Tell = async () => undefined,
): AsyncGenerator<StepRecord> {
  for (const step of steps) {
    const start = kernelClock();
    const outcome = await attempt(step.title, () => converge(step, box, tell)).then(
      (result) => ({ result }),
      (error) => {
        if (step.optional !== true) throw error;
        const { error: why, hint } = explain(error);
        return { result: 'failed' as const, error: why, hint };
      },
    );
    yield { title: step.title, ...outcome, seconds: secondsSince(start) };
  }
}

/** Runs one piece of work under the step's name. */
export async function attempt<T>(title: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new StepFailed(title, error);
  }
}

async function converge(step: Step, box: Box, tell: Tell): Promise<'done' | 'ran'> {
  if (await step.done(box)) return 'done';
  await step.run(box, tell);
  if (await step.done(box)) return 'ran';
  throw new Failure(
    'it ran, but its result is not there',
    'this is a fault of the box program: please report it',
  );
}

/** What the steps that ran ask of running services; each service once, a restart before a reload. */
export function refreshesOf(steps: readonly Step[], records: readonly StepRecord[]): Refresh[] {
  const ran = new Set(records.filter((r) => r.result === 'ran').map((r) => r.title));
  const wanted = new Map<string, Refresh>();
  for (const refresh of steps.filter((s) => ran.has(s.title)).flatMap((s) => s.refresh ?? [])) {
    if (wanted.get(refresh.service)?.by !== 'restart') wanted.set(refresh.service, refresh);
  }
  return [...wanted.values()];
}

/** What went wrong, in the report's words. */
export function explain(error: unknown): { step: string; error: string; hint: string } {
  const step = error instanceof StepFailed ? error.step : 'box';
  const cause = error instanceof StepFailed ? error.cause : error;
  if (cause instanceof Failure) return { step, error: cause.message, hint: cause.hint };
  const words = cause instanceof Error ? cause.message : String(cause);
  return { step, error: words, hint: 'this is a fault of the box program: please report it' };
}
