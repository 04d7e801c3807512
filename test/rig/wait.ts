/** Bounded waiting: everything a test waits for has a limit and says what it waited for. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Seconds for what takes a moment where nothing else runs: a limit finds what hangs, on a machine that many tests share. */
export const patience = 300;

export interface Waiting {
  /** `patience` where absent; a boot or a download needs more. */
  readonly seconds?: number;
  /** Where absent, 200 ms at first and up to a second in the end: to ask costs what others wait for. */
  readonly everyMs?: number;
}

/** Asks again and again until there is an answer. @throws naming `what`, once the limit is over. */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { seconds = patience, everyMs }: Waiting = {},
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (let pause = everyMs ?? 200; ; pause = everyMs ?? Math.min(pause * 1.1, 1000)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(pause);
  }
}
