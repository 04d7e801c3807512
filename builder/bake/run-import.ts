/** Runs a cloud's import commands in order; after one that fails it says what is left behind there, and what removes it. */
import type { Argv, ImportCommand } from '../../clouds/import-command.ts';
import type { Progress } from '../host/progress.ts';
import { RunError, run } from '../host/run.ts';
import { filled, typed, type Values } from '../outputs/import-script.ts';

/** A command failed, or can't be run: what is there now. */
export class ImportError extends Error {
  override readonly name = 'ImportError';
}

export interface Imported {
  /** What commands gave, by their words: ids of what is there now. */
  readonly gave: Values;
  /** What is to be typed later, and when. */
  readonly later: readonly string[];
}

/** Expected seconds of each: an upload of a gigabyte, or a question. */
export function importSteps(steps: readonly ImportCommand[]): number[] {
  return steps.filter(({ later }) => later === undefined).map(({ argv }) => (uploads(argv) ? 300 : 20));
}

const uploads = (argv: Argv) => argv.includes('{file}');

/** @throws ImportError */
export async function runImport(
  steps: readonly ImportCommand[],
  values: Values,
  progress: Progress,
): Promise<Imported> {
  const gave: Record<string, string> = {};
  const begun: ImportCommand[] = [];
  const now = steps.filter(({ later }) => later === undefined);
  for (const [index, step] of now.entries()) {
    begun.push(step);
    try {
      const said = await progress.step({
        title: step.does,
        expected: importSteps([step])[0] ?? 0,
        run: (report) =>
          run(filled(step.argv, { ...values, ...gave }), {
            onLine: (line) => report(line),
            ...(step.input === undefined
              ? {}
              : { inputFile: filled([step.input], { ...values, ...gave })[0] }),
          }),
      });
      if (step.gives !== undefined) gave[step.gives] = given(step, said);
    } catch (error) {
      if (!(error instanceof RunError) && !(error instanceof ImportError)) throw error;
      throw new ImportError(
        [
          `the import failed at command ${index + 1} of ${now.length} (${step.does}): ${error.message}`,
          ...leftWords(begun, { ...values, ...gave }),
        ].join('\n'),
      );
    }
  }
  const later = steps.flatMap((step) =>
    step.later === undefined ? [] : [`${step.later}: ${typed(filled(step.argv, { ...values, ...gave }))}`],
  );
  return { gave, later };
}

function given({ does, gives }: ImportCommand, said: string): string {
  const value = said.trim();
  if (/^[^\s<>]+$/.test(value)) return value;
  throw new ImportError(`no ${gives} came of it (${does}), but ${JSON.stringify(value.slice(0, 200))}`);
}

function leftWords(begun: readonly ImportCommand[], values: Values): string[] {
  const left = leftBehind(begun).map((undo) => typed(filled(undo, values)));
  return left.length === 0
    ? ['nothing is left behind there']
    : ['left behind there, as far as it came; remove it by:', ...left.map((line) => `  ${line}`)];
}

/** What removes what these commands made, the last first: but what they removed themselves, or what has gone. */
export function leftBehind(begun: readonly ImportCommand[]): Argv[] {
  return begun
    .flatMap(({ undo, gives }, index) => {
      if (undo === undefined) return [];
      // The last one failed: it has removed nothing.
      const after = begun.slice(index + 1, -1);
      const gone = after.some(
        (step) => typed(step.argv) === typed(undo) || (gives !== undefined && step.gone === gives),
      );
      return gone ? [] : [undo];
    })
    .reverse();
}
