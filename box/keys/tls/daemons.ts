/** The services that serve the certificate: how they learn of a new one, and whether they did. */
import type { X509Certificate } from 'node:crypto';
import type { Image } from '../../../contract/settings.ts';
import type { Refresh } from '../../machine/box.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { command, lookAtLogs, refreshServices } from '../../machine/services.ts';
import { readImage } from '../../machine/settings-file.ts';

export const tlsDaemons: readonly Refresh[] = [
  { service: 'postfix', by: 'reload' },
  { service: 'dovecot', by: 'reload' },
  { service: 'nginx', by: 'reload' },
];
/** Where each speaks TLS from the first byte. */
const tlsPorts: Readonly<Record<string, number>> = { postfix: 465, dovecot: 993, nginx: 443 };
/** Seconds that a daemon has to take it. */
const patience = 30;

/**
 * Has the files changed, and every daemon serve the certificate that then lies there. If one does not, `back` has them
 * as they were, and all serve what they served.
 * @throws Failure with what was wrong; then nothing has changed.
 */
export async function takeIntoService(
  machine: Machine,
  certificate: X509Certificate,
  { change, back }: { readonly change: () => Promise<void>; readonly back: () => Promise<void> },
): Promise<void> {
  const image = await readImage(machine);
  await change();
  try {
    await refreshServices(machine, image, tlsDaemons);
    await mustServe(machine, image, certificate);
  } catch (error) {
    await back();
    for (const daemon of tlsDaemons) {
      // The one that did not take it may well not take this either; the others shall.
      await refreshServices(machine, image, [daemon]).catch(() => undefined);
    }
    if (!(error instanceof Failure)) throw error;
    throw new Failure(`the certificate was taken back: ${error.message}`, error.hint);
  }
}

/** Points the name that the daemons know to another certificate. */
export const serving = (machine: Machine, file: string) => machine.link(paths.certificate, file);

async function mustServe(machine: Machine, image: Image, certificate: X509Certificate): Promise<void> {
  const deadline = Date.now() + patience * 1000;
  for (const { service } of tlsDaemons) {
    const port = image.ports.find((each) => each.port === tlsPorts[service])?.port;
    if (port === undefined || !(await machine.succeeds(command(image, 'serviceRuns', service)))) continue;
    for (;;) {
      const served = await machine.certificateAt(port);
      if (served?.fingerprint256 === certificate.fingerprint256) break;
      if (Date.now() > deadline)
        throw new Failure(`${service} does not serve it on port ${port} after ${patience} s`, lookAtLogs);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }
}
