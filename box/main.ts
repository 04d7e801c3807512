/** The program on the appliance: first boot, readiness, accounts, status. */
import { mindOutput } from '../contract/output.ts';
import { askPassword } from './commands/ask-password.ts';
import { readBytes, readInput } from './commands/read-input.ts';
import { runCommand } from './commands/run.ts';
import { Machine } from './machine/machine.ts';

// What a command makes is nobody else's to read, unless a file says otherwise.
process.umask(0o077);
mindOutput('box');

runCommand(process.argv.slice(2), {
  machine: new Machine(),
  now: () => new Date(),
  say: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  askPassword,
  readInput,
  readBytes,
}).then((code) => {
  process.exitCode = code;
});
