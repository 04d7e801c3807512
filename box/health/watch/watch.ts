/** One look at all services that run, as those who use them do, and a new start for what has been silent for minutes. */
import { cpus } from 'node:os';
import type { Image } from '../../../contract/settings.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { kernelClock } from '../../machine/report.ts';
import { command } from '../../machine/services.ts';
import { judge, type Watch, watchSchema } from './judge.ts';
import { leansOn, questionsOf } from './questions.ts';

/** Milliseconds for an answer: of a machine that is busy, not of one at rest. */
const limit = 20_000;
/** Load of one processor above which silence says nothing: what waits for its turn would wait longer after a new start. */
const starved = 8;

/** Gives the services that were started anew. */
export async function watchServices(
  machine: Machine,
  image: Image,
  now: () => Date,
  say: (line: string) => void,
  milliseconds = limit,
): Promise<readonly string[]> {
  const load = Number.parseFloat((await machine.read(paths.load)) ?? '') / cpus().length;
  if (load > starved) {
    say(`the machine is busy (load ${load.toFixed(1)} a processor): nothing is judged`);
    return [];
  }
  const heard = await listen(machine, image, milliseconds);
  const { watch, restart } = judge(await readWatch(machine), heard, kernelClock(), now());
  for (const [service, { silent }] of Object.entries(watch))
    if (silent > 0) say(`${service} is silent, for the ${nth(silent)} time`);
  // Before the start: what that takes, and what it brings down, is not tried twice.
  await machine.put({ path: paths.watch, mode: 0o644, text: `${JSON.stringify(watch, null, 2)}\n` });
  for (const service of restart) {
    say(`${service} hangs, and is started anew`);
    const { code, err } = await machine.outcome(command(image, 'restartService', service));
    if (code !== 0) say(`${service} did not start: ${err.trim().split('\n')[0]}`);
  }
  return restart;
}

const nth = (n: number) => (['first', 'second', 'third'] as const)[n - 1] ?? `${n}th`;

/** Of the services that run: whether each answers all that it is asked. */
async function listen(machine: Machine, image: Image, milliseconds: number): Promise<Map<string, boolean>> {
  const heard = new Map<string, boolean>();
  await Promise.all(
    questionsOf(image, machine.addresses()).map(async ({ service, question }) => {
      const answers = await machine.hears(question, milliseconds);
      heard.set(service, answers && heard.get(service) !== false);
    }),
  );
  for (const [service, other] of Object.entries(leansOn))
    if (heard.get(other) === false) heard.delete(service);
  // What does not run is for the init system.
  for (const [service, answers] of heard)
    if (!answers && !(await machine.succeeds(command(image, 'serviceRuns', service)))) heard.delete(service);
  return heard;
}

/** What is known of each at this boot. */
export async function readWatch(machine: Machine): Promise<Watch> {
  const text = await machine.read(paths.watch);
  return text === undefined ? {} : watchSchema.parse(JSON.parse(text));
}
