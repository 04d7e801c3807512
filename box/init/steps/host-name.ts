/** The host name: Postfix, the certificate and the greeting on port 25 all follow from it. */
import type { Box } from '../../machine/box.ts';
import type { File } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { command } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';
import type { Step } from './step.ts';

/** /etc/hosts with one line for the box's own name. Whatever else stands there stays. */
export function hostsText(before: string, hostname: string): string {
  const own = `127.0.1.1 ${hostname} ${hostname.split('.')[0]}`;
  const lines = before.split('\n').filter((line) => line !== '');
  const at = lines.findIndex((line) => /^127\.0\.1\.1\s/.test(line));
  const others = lines.filter((line) => !/^127\.0\.1\.1\s/.test(line));
  others.splice(at === -1 ? others.length : at, 0, own);
  if (!others.some((line) => /^127\.0\.0\.1\s/.test(line))) others.unshift('127.0.0.1 localhost');
  return `${others.join('\n')}\n`;
}

async function files({ machine, settings: { hostname } }: Box): Promise<File[]> {
  return [
    { path: paths.hostName, mode: 0o644, text: `${hostname}\n` },
    { path: paths.mailName, mode: 0o644, text: `${hostname}\n` },
    { path: paths.hosts, mode: 0o644, text: hostsText((await machine.read(paths.hosts)) ?? '', hostname) },
  ];
}

export const hostNameStep: Step = {
  title: 'host name',
  refresh: [{ service: 'postfix', by: 'restart' }],
  async done(box) {
    for (const file of await files(box)) if (!(await box.machine.holds(file))) return false;
    return (await box.machine.read(paths.kernelHostName))?.trim() === box.settings.hostname;
  },
  async run(box) {
    for (const file of await files(box)) await box.machine.putChanged(file);
    await box.machine.run(command(await readImage(box.machine), 'setHostName'));
  },
};
