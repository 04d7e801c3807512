/** The `letterbox` command: reads the arguments, and says what went wrong. */
import { constants } from 'node:os';
import { mindOutput } from '../contract/output.ts';
import { failed } from './commands/say.ts';
import { program } from './program.ts';

mindOutput('letterbox');
// An exit, so that what is half-made is cleared away; by itself a signal would just end the process.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(128 + constants.signals[signal]));

program.parseAsync().catch((error: unknown) => {
  process.exitCode = failed(error, process.argv.includes('--json'));
});
