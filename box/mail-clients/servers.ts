/** What a mail program is told of this box: its name, the ports that it serves, and whether it has calendars. */
import { hostnamePattern, type Image, publicPorts } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { readImage } from '../machine/settings-file.ts';

export interface Servers {
  readonly hostname: string;
  /** The image's public TCP ports: a document names no other. */
  readonly ports: readonly number[];
  /** Whether there are calendars, address books and ActiveSync. */
  readonly groupware: boolean;
}

export function serversOf(hostname: string, image: Image): Servers {
  return { hostname, ports: publicPorts(image, 'tcp'), groupware: image.roles.includes('groupware') };
}

/** For who may not read the settings: the host name as `box init` wrote it. */
export async function readServers(machine: Machine): Promise<Servers> {
  const hostname = (await machine.read(paths.hostName))?.trim() ?? '';
  if (!hostnamePattern.test(hostname))
    throw new Failure(`${paths.hostName} holds no host name`, 'reboot: box init writes it');
  return serversOf(hostname, await readImage(machine));
}

/** The mail services in the order in which programs shall try them: TLS from the first byte before STARTTLS. */
export const mailServices = [
  { protocol: 'imap', port: 993, starttls: false },
  { protocol: 'pop3', port: 995, starttls: false },
  { protocol: 'smtp', port: 465, starttls: false },
  { protocol: 'smtp', port: 587, starttls: true },
] as const;
export type MailService = (typeof mailServices)[number];

export const offeredServices = ({ ports }: Servers): MailService[] =>
  mailServices.filter(({ port }) => ports.includes(port));
