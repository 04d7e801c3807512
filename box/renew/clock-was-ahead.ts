/** The box's own certificate, where it was made while the clock was ahead: for the same key, once the clock is right. */
import { X509Certificate } from 'node:crypto';
import { isSelfSigned, readCertificate } from '../keys/tls/certificate.ts';
import { serving, takeIntoService } from '../keys/tls/daemons.ts';
import { readKey } from '../keys/tls/private-key.ts';
import { issueSelfSigned } from '../keys/tls/self-signed.ts';
import type { Box } from '../machine/box.ts';
import { isClockRight } from '../machine/clock.ts';
import { paths } from '../machine/paths.ts';
import { followProfile } from '../mail-clients/sign.ts';
import { certificateFile } from './install.ts';

/** Whether it is not valid yet, though the clock is right. */
export async function isOfTheFuture({ machine, now }: Pick<Box, 'machine' | 'now'>): Promise<boolean> {
  const certificate = await readCertificate(machine);
  if (certificate === undefined || !isSelfSigned(certificate)) return false;
  if (Date.parse(certificate.validFrom) <= now().getTime()) return false;
  return isClockRight(machine, now());
}

/** Makes it anew and has the daemons serve it. Says whether it was due. Under the lock. */
export async function remakeCertificateOfTheFuture(box: Box): Promise<boolean> {
  const { machine, settings, now } = box;
  if (!(await isOfTheFuture(box))) return false;
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) return false;
  const text = await issueSelfSigned(settings.hostname, key, now());
  const own = new X509Certificate(text);
  const name = certificateFile(own, `${settings.hostname}-selfsigned`);
  await machine.put({ path: `${paths.tls}/${name}`, mode: 0o644, text });
  const before = await machine.linkTarget(paths.certificate);
  await takeIntoService(machine, own, {
    change: () => serving(machine, name),
    back: async () => {
      if (before !== undefined) await serving(machine, before);
    },
  });
  await followProfile(box);
  return true;
}
