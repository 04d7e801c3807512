/** The verbs of `letterbox` about whom an image is from: key. */
import type { Command } from 'commander';
import { askNewPassword, makeKeyPair } from './commands/make-key.ts';
import * as say from './commands/say.ts';

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
}
