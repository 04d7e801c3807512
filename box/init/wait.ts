/** Waits for the box's services, and goes on trying to start what does not. */

import type { Image } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { lookAtLogs, silentPorts, startAtOnce, startServices } from '../machine/services.ts';

/** Milliseconds from a try to start what is down to the next: it grows, since what fails takes the processor from others. */
const firstPause = 2_000;
const longestPause = 30_000;
/** Milliseconds between two looks at ports of services that run: they grow too, since each look has daemons start processes. */
const firstLook = 500;
const longestLook = 5_000;
/** Milliseconds after which the console is told what is still waited for: whoever watches it must see that it goes on. */
const lifeSign = 60_000;

/**
 * Waits until every service runs and every TCP port answers. Slow is not broken: a service that fails to start is
 * tried again. `say` is told what is missing, when that changes and each minute.
 *
 * @throws Failure naming what is missing after so many seconds.
 */
export async function waitForServices(
  machine: Machine,
  image: Image,
  seconds: number,
  say: (line: string) => void,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let pause = firstPause;
  let look = firstLook;
  let told = { missing: '', at: Date.now() };
  let down: string[] = [];
  // What has answered is not asked again.
  let silent = image.ports;
  for (;;) {
    // One that could not be started is tried by itself, so that none waits for it.
    down =
      down.length === 0 && (await startAtOnce(machine, image)) ? [] : await startServices(machine, image);
    if (down.length === 0) silent = await silentPorts(machine, silent);
    if (down.length + silent.length === 0) return;
    const ports = (down.length > 0 ? [] : silent).map(
      (port) => `${port.role} (${port.name}, port ${port.port})`,
    );
    if (Date.now() > deadline) {
      if (down.length === 0)
        throw new Failure(`no answer after ${seconds} s from ${ports.join(', ')}`, lookAtLogs);
      throw new Failure(`${down.join(', ')} ${down.length === 1 ? 'does' : 'do'} not start`, lookAtLogs);
    }
    const missing = [...down, ...ports].join(', ');
    if ((down.length > 0 && missing !== told.missing) || Date.now() - told.at > lifeSign) {
      say(`Letterbox: still waiting for ${missing}`);
      told = { missing, at: Date.now() };
    }
    await new Promise((resolve) =>
      setTimeout(resolve, Math.min(down.length > 0 ? pause : look, Math.max(deadline - Date.now(), 0) + 1)),
    );
    if (down.length > 0) pause = Math.min(pause * 1.5, longestPause);
    else look = Math.min(look * 1.5, longestLook);
  }
}
