/** Bounded waiting: everything a test waits for has a limit and says what it waited for. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Asks again and again until there is an answer. @throws naming `what`, after `seconds`. */
export async function waitFor<T>(
  what: string,
  seconds: number,
  ask: () => Promise<T | undefined> | T | undefined,
  everyMs = 200,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(everyMs);
  }
}
