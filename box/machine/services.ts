/** Speaks to the release's init system and firewall, in the words that the image gives. */

import type { Image, Port } from '../../contract/settings.ts';
import type { Refresh } from './box.ts';
import type { Machine } from './machine.ts';
import { paths } from './paths.ts';

export type CommandName = Exclude<keyof Image['commands'], 'startServices'>;

/** An image, or a release itself. */
interface Commanded {
  readonly commands: Readonly<Record<CommandName, readonly string[]>>;
}

/** The release's command with the service's name in the place of `{}`. */
export function command(image: Commanded, name: CommandName, service = ''): string[] {
  return image.commands[name].map((part) => part.replace('{}', service));
}

/** Without those that wait for `box init` while it has not succeeded yet: to ask for each takes long. */
export async function mayRun(
  machine: Machine,
  image: Image,
  refreshes: readonly Refresh[],
): Promise<readonly Refresh[]> {
  if (!image.servicesWaitForInit || (await machine.exists(paths.initialised))) return refreshes;
  return refreshes.filter(({ service }) => !image.services.includes(service));
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

/**
 * Starts, in order, the services that do not run yet, and gives those that can't: what fails to start holds no other back.
 */
export async function startServices(machine: Machine, image: Image): Promise<string[]> {
  const down: string[] = [];
  for (const service of image.services) {
    if (await machine.succeeds(command(image, 'serviceRuns', service))) continue;
    if (!(await machine.succeeds(command(image, 'startService', service)))) down.push(service);
  }
  return down;
}

/**
 * Starts all services by one command, where there is one: to ask for each is most of a ready box's work. False: not all run
 * by it, and which do not is still to be asked.
 */
export async function startAtOnce(machine: Machine, image: Image): Promise<boolean> {
  const { startServices: start } = image.commands;
  return start !== undefined && (await machine.succeeds([...start, ...image.services]));
}

/** Ends all services that run, the last first. One that does not end is told by the next that needs its files. */
export async function stopServices(machine: Machine, image: Image): Promise<void> {
  for (const service of [...image.services].reverse())
    await machine.outcome(command(image, 'stopService', service));
}

/** The TCP ports that nothing answers at. */
export async function silentPorts(machine: Machine, ports: readonly Port[]): Promise<Port[]> {
  const tcp = ports.filter((port) => port.protocol === 'tcp');
  const answers = await Promise.all(tcp.map((port) => machine.answers(port.port)));
  return tcp.filter((_, i) => answers[i] === false);
}

export const lookAtLogs = 'look at /var/log/syslog and /var/log/mail.log';
