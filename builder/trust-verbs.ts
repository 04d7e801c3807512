/** The verbs of `letterbox` about whom an image is from: key, verify. */
import type { Command } from 'commander';
import * as say from './commands/say.ts';
import { compile, lockOf } from './compile.ts';
import { loadConfig } from './config/load.ts';
import { Progress, type ProgressEvent } from './host/progress.ts';
import { both, type Verdict } from './verify/verdict.ts';

interface Options {
  readonly key?: string;
  readonly name?: string;
  readonly rebuild?: string;
  readonly json?: true;
}

type Emit = (event: ProgressEvent, remaining: number) => void;

export function trustVerbs(program: Command, emit: Emit): void {
  program
    .command('key')
    .description('makes the two keys that sign images and check them, in the form of minisign')
    .argument('[file]', 'the secret one; the public one lies beside it, and ends with .pub', 'letterbox.key')
    .option('--without-password', 'whoever can read the file can then sign')
    .action(async (file: string, { withoutPassword }: { withoutPassword?: true }) => {
      const { askNewPassword, makeKeyPair } = await import('./commands/make-key.ts');
      const newPassword = withoutPassword ? async () => undefined : askNewPassword;
      say.keyPair(await makeKeyPair(file, newPassword));
    });

  program
    .command('verify')
    .description('checks all that a bake wrote: sums, what is missing or too many, and the signature')
    .argument('<folder>', 'out/<name>')
    .option('--key <file>', 'the public key that must have signed it')
    .option('--name <name>', 'which image it must be, where the folder has another name')
    .option('--rebuild <config>', 'bakes it once more by this config, which must give the same bytes')
    .option('--json', 'what was checked, what was not, and what is wrong, as JSON')
    .action(async (dir: string, options: Options) => {
      const { readPublicKey } = await import('./verify/signature.ts');
      const { verifyImage } = await import('./verify/verify.ts');
      const key = options.key === undefined ? undefined : readPublicKey(options.key);
      let verdict = await verifyImage({ dir, key, name: options.name, rebuild: options.rebuild });
      // What is wrong already need not be made again.
      if (options.rebuild !== undefined && verdict.wrong.length === 0)
        verdict = both(verdict, await rebuilt(dir, options.rebuild, emit));
      if (options.json) say.json(verdict);
      else say.verdict(verdict);
      if (verdict.wrong.length > 0) process.exitCode = 1;
    });
}

async function rebuilt(dir: string, file: string, emit: Emit): Promise<Verdict> {
  const loaded = loadConfig(file);
  const compiled = await compile(loaded.config, lockOf(loaded));
  const { bakeSteps } = await import('./bake/image.ts');
  const { rebuild } = await import('./verify/rebuild.ts');
  return rebuild({ dir, compiled, progress: new Progress(emit, Object.values(bakeSteps('native'))) });
}
