/** Speaks to the release's init system and firewall, in the words that the image gives. */
import { Failure } from '../failure.ts';
import type { Machine } from '../machine.ts';
import type { Image, Port } from '../settings.ts';
import type { Refresh } from './step.ts';

export type CommandName = keyof Image['commands'];

/** The release's command with the service's name in the place of `{}`. */
export function command(image: Image, name: CommandName, service = ''): string[] {
  return image.commands[name].map((part) => part.replace('{}', service));
}

/** Tells services of a change, where they run. */
export async function refreshServices(
  machine: Machine,
  image: Image,
  refreshes: readonly Refresh[],
): Promise<void> {
  for (const { service, by } of refreshes) {
    if (!(await machine.succeeds(command(image, 'serviceRuns', service)))) continue;
    await machine.run(command(image, by === 'reload' ? 'reloadService' : 'restartService', service));
  }
}

/** Starts, in order, the services that do not run yet. @throws Failure naming the one that can't start. */
export async function startServices(machine: Machine, image: Image): Promise<void> {
  for (const service of image.services) {
    if (await machine.succeeds(command(image, 'serviceRuns', service))) continue;
    if (await machine.succeeds(command(image, 'startService', service))) continue;
    throw new Failure(`${service} does not start`, lookAtLogs);
  }
}

/** Waits until every TCP port answers. @throws Failure naming those that never do. */
export async function waitForPorts(machine: Machine, ports: readonly Port[], seconds: number): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  let silent = ports.filter((port) => port.protocol === 'tcp');
  for (;;) {
    const answers = await Promise.all(silent.map((port) => machine.answers(port.port)));
    silent = silent.filter((_, i) => answers[i] === false);
    if (silent.length === 0) return;
    if (Date.now() > deadline) break;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  const names = silent.map((port) => `${port.role} (${port.name}, port ${port.port})`);
  throw new Failure(`no answer after ${seconds} s from ${names.join(', ')}`, lookAtLogs);
}

export const lookAtLogs = 'look at /var/log/syslog and /var/log/mail.log';
