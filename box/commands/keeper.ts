/** `box keeper`: the control panel's root half. It does what the web process asks, if the person who asks may. */
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Attempts } from '../accounts/log-in/attempts.ts';
import { Challenges } from '../accounts/log-in/challenges.ts';
import type { Doorkeeper } from '../accounts/log-in/door.ts';
import { keeperSecret } from '../accounts/log-in/secret.ts';
import { Sessions } from '../accounts/log-in/sessions.ts';
import { answer } from '../api/keeper/answer.ts';
import { serveQuestions } from '../api/keeper/serve.ts';
import { interval, takeSample } from '../health/samples/sample.ts';
import { paths } from '../machine/paths.ts';
import type { Call, Command } from './command.ts';

export const keeperCommand: Command = {
  name: 'keeper',
  operands: [],
  summary: 'run the root half of the control panel (a service of the box)',
  options: {},
  optionHelp: {},
  async run({ machine, now, say }) {
    const time = () => now().getTime();
    // Of those a clock that is set right ends none early, and none late.
    const elapsed = () => performance.now();
    await machine.sweep([paths.keeper, paths.samples]);
    const secret = await keeperSecret(machine);
    const sessions = new Sessions(secret, time, (text) =>
      machine.put({ path: paths.keeperSessions, mode: 0o600, text }),
    );
    sessions.restore(await machine.read(paths.keeperSessions));
    const door: Doorkeeper = {
      machine,
      secret,
      sessions,
      attempts: new Attempts(elapsed),
      challenges: new Challenges(elapsed),
      now: time,
      log: say,
    };
    const server = serveQuestions((line) => answer(door, line));
    await machine.putDirectory({ path: paths.run, mode: 0o755 });
    // The web process's user, and nobody else of those who are not root.
    await machine.listen(server, { path: paths.keeperSocket, mode: 0o600, owner: 'box-panel' });
    say(`listening at ${paths.keeperSocket}`);
    const sampling = keepSampling(machine, now, say);
    await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT'), once(server, 'error')]);
    clearInterval(sampling);
    server.close();
    // A change that is under way is finished by the kernel's own order: files are whole or as before.
    return 0;
  },
};

/** Here, since it runs anyway and can read what is to be counted. */
function keepSampling(machine: Call['machine'], now: Call['now'], say: Call['say']): NodeJS.Timeout {
  let busy = false;
  const sample = () => {
    if (busy) return;
    busy = true;
    takeSample(machine, now())
      .catch((error) => say(`no sample: ${error instanceof Error ? error.message : error}`))
      .finally(() => {
        busy = false;
      });
  };
  sample();
  return setInterval(sample, interval * 1000);
}
