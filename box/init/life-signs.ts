/** Tells each minute how far a long piece of work has come: whoever watches the console must see that it goes on. */
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { kernelClock } from '../machine/report.ts';
import type { Tell } from './steps/step.ts';

const minute = 60_000;

export async function withLifeSigns<T>(
  machine: Machine,
  what: string,
  tell: Tell,
  work: () => Promise<T>,
): Promise<T> {
  const [before, start] = [await usedMiB(machine), kernelClock()];
  await tell(what);
  let last: Promise<void> = Promise.resolve();
  const sign = async () => {
    const minutes = Math.round((kernelClock() - start) / 60);
    const here = Math.max(0, (await usedMiB(machine)) - before);
    await tell(`${what}: ${here} MiB are here, after ${minutes} min`);
  };
  const watch = setInterval(() => {
    last = sign().catch(() => undefined);
  }, minute);
  try {
    return await work();
  } finally {
    clearInterval(watch);
    await last;
  }
}

/** Of the disk that the state lies on: nobody else writes there yet. */
async function usedMiB(machine: Machine): Promise<number> {
  const said = await machine.run(['df', '-P', '-k', machine.at(paths.storage)]);
  const [, , used] = said.trim().split('\n').at(-1)?.split(/\s+/) ?? [];
  return Math.floor(Number(used) / 1024) || 0;
}
