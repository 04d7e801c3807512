/** Says now and then how much of a folder is here, while something fills it. */
import type { Machine } from '../../machine/machine.ts';
import { sizeBelow } from '../../storage/backup/room.ts';

/** Milliseconds between two looks, of which each reads the whole folder's names. */
const pause = 15_000;

/** @param total in kilobytes, where it is known */
export async function withProgress<T>(
  machine: Machine,
  what: { readonly doing: string; readonly folder: string; readonly total?: number },
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const { doing, folder, total } = what;
  const mib = (kilobytes: number) => Math.floor(kilobytes / 1024);
  let done = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const here = await sizeBelow(machine, [folder]);
    if (done) return;
    say(`${doing}: ${mib(here)}${total === undefined ? '' : ` of ${mib(total)}`} MiB are here`);
  };
  // Not by the clock alone: a large folder takes longer to look at than that.
  const wait = () => {
    timer = setTimeout(
      () =>
        void look()
          .catch(() => undefined)
          .then(() => (done ? undefined : wait())),
      pause,
    );
  };
  say(doing + (total === undefined ? '' : `: ${mib(total)} MiB`));
  wait();
  try {
    return await work();
  } finally {
    done = true;
    clearTimeout(timer);
  }
}
