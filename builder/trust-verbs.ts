/** The verbs of `letterbox` about whom an image is from: key, verify. */
import type { Command } from 'commander';
import { askNewPassword, makeKeyPair } from './commands/make-key.ts';
import * as say from './commands/say.ts';
import { readPublicKey } from './verify/signature.ts';
import { verifyImage } from './verify/verify.ts';

export function trustVerbs(program: Command): void {
  program
    .command('key')
    .description('makes the two keys that sign images and check them, in the form of minisign')
    .argument('[file]', 'the secret one; the public one lies beside it, and ends with .pub', 'letterbox.key')
    .option('--without-password', 'whoever can read the file can then sign')
    .action(async (file: string, { withoutPassword }: { withoutPassword?: true }) => {
      const newPassword = withoutPassword ? async () => undefined : askNewPassword;
      say.keyPair(await makeKeyPair(file, newPassword));
    });

  program
    .command('verify')
    .description('checks all that a bake wrote: sums, what is missing or too many, and the signature')
    .argument('<folder>', 'out/<name>')
    .option('--key <file>', 'the public key that must have signed it')
    .option('--name <name>', 'which image it must be, where the folder has another name')
    .option('--json', 'what was checked, what was not, and what is wrong, as JSON')
    .action(async (dir: string, options: { key?: string; name?: string; json?: true }) => {
      const key = options.key === undefined ? undefined : readPublicKey(options.key);
      const verdict = await verifyImage({ dir, key, name: options.name });
      if (options.json) say.json(verdict);
      else say.verdict(verdict);
      if (verdict.wrong.length > 0) process.exitCode = 1;
    });
}
