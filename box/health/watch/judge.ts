/** When a silent service is started anew: slow is not broken, and what does not help is not done ever more often. Pure. */
import * as z from 'zod';

/** Looks in a row, two minutes apart, at which it was silent. */
const patience = 3;
/** Seconds between two starts of one service: twice as many each time. */
const firstPause = 300;
const longestPause = 3600;
/** Seconds after a start, with answers only, after which it is a service like any other. */
const forgotten = 86_400;

const watched = z.object({
  silent: z.number(),
  restarts: z.number(),
  /** Seconds of the kernel's clock before which it is not started anew again. */
  notBefore: z.number(),
  /** When it was, by the clock on the wall. */
  at: z.string().optional(),
});
export type Watched = z.infer<typeof watched>;
export const watchSchema = z.record(z.string(), watched);
export type Watch = z.infer<typeof watchSchema>;

const unknown: Watched = { silent: 0, restarts: 0, notBefore: 0 };

export interface Judged {
  readonly watch: Watch;
  readonly restart: readonly string[];
}

/**
 * @param heard by service: whether it answered everything it was asked; one that does not run is not in it
 * @param clock seconds of the kernel's clock
 */
export function judge(before: Watch, heard: ReadonlyMap<string, boolean>, clock: number, now: Date): Judged {
  const watch: Record<string, Watched> = {};
  const restart: string[] = [];
  for (const [service, answers] of heard) {
    const was = before[service] ?? unknown;
    const silent = answers ? 0 : was.silent + 1;
    if (silent >= patience && clock >= was.notBefore) {
      restart.push(service);
      const pause = Math.min(firstPause * 2 ** was.restarts, longestPause);
      watch[service] = {
        silent: 0,
        restarts: was.restarts + 1,
        notBefore: clock + pause,
        at: now.toISOString(),
      };
    } else if (!answers) watch[service] = { ...was, silent };
    else if (was.restarts > 0 && clock < was.notBefore + forgotten) watch[service] = { ...was, silent };
  }
  return { watch, restart };
}
