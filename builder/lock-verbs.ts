/** The verbs of `letterbox` about which versions an image has: lock, outdated. */
import type { Command } from 'commander';
import type { LookUp } from './commands/lock.ts';
import * as say from './commands/say.ts';
import { loadConfig } from './config/load.ts';
import { Progress, type ProgressEvent } from './host/progress.ts';

/** Seconds of an archive that was not asked before. */
const expected = 15;

export function lockVerbs(
  program: Command,
  outOf: (name: string) => string,
  emit: (event: ProgressEvent, remaining: number) => void,
): void {
  /** Says on the terminal what takes so long. */
  const lookUp: LookUp = (loaded) =>
    new Progress(emit, [expected]).step({
      title: 'looking into the archive',
      expected,
      run: async () => (await import('./commands/lock.ts')).lookIntoArchive(loaded),
    });

  program
    .command('lock')
    .description('writes the packages that the archive has now beside the config, for bakes to take these')
    .argument('<config>')
    .option('--baked', 'those of the last image in place of the archive’s')
    .option('--json', 'what was written and what changed, as JSON')
    .action(async (file: string, { baked, json }: { baked?: true; json?: true }) => {
      const { writeLock } = await import('./commands/lock.ts');
      const loaded = loadConfig(file);
      const locked = await writeLock(loaded, baked ? outOf(loaded.config.name) : undefined, lookUp);
      if (json) say.json(locked);
      else say.locked(locked);
    });

  program
    .command('outdated')
    .description('says what the archive has newer than the lock or, without one, than the last image')
    .argument('<config>')
    .option('--json', 'the same as JSON')
    .action(async (file: string, { json }: { json?: true }) => {
      const { exitCodeOf, outdated } = await import('./commands/lock.ts');
      const loaded = loadConfig(file);
      const found = await outdated(loaded, outOf(loaded.config.name), lookUp);
      if (json) say.json(found);
      else say.outdated(found);
      process.exitCode = exitCodeOf(found);
    });
}
