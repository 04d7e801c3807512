/** Puts a certificate of an authority into service: the key stays, and so does the TLSA record. */
import type { X509Certificate } from 'node:crypto';
import { updateZones } from '../dns/publish.ts';
import { Failure } from '../failure.ts';
import { refreshServices } from '../init/services.ts';
import { readImage } from '../init/settings-file.ts';
import type { Box } from '../init/step.ts';
import { paths } from '../paths.ts';
import { readChain } from './chain.ts';
import { tlsDaemons } from './daemons.ts';
import { readKey } from './private-key.ts';
import { isTrusted } from './trust.ts';

/**
 * Installs a certificate with its chain (PEM). What it replaces stays in its file.
 * @throws Failure with the one thing that is wrong; then nothing has changed.
 */
export async function installCertificate(box: Box, pem: string): Promise<X509Certificate> {
  const { machine, settings, now } = box;
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) throw new Failure(`${paths.tlsKey} is missing`, 'reboot: the box makes a new one');
  const chain = readChain(pem, { key, hostname: settings.hostname, now: now() });
  const text = chain.map((certificate) => certificate.toString().trim()).join('\n');
  const [own] = chain;
  const file = { path: `${paths.tls}/${fileName(own, settings.hostname)}`, mode: 0o644, text: `${text}\n` };
  await mustBeTrusted(box, file);
  await machine.putChanged(file);
  await machine.link(paths.certificate, fileName(own, settings.hostname));
  await refreshServices(machine, await readImage(machine), tlsDaemons);
  // A certificate of a public authority is what MTA-STS is announced by.
  await updateZones(box);
  return own;
}

/** Looked at where it is not in service yet; it is taken away again if nobody stands behind it. */
async function mustBeTrusted(
  { machine }: Box,
  file: { path: string; mode: number; text: string },
): Promise<void> {
  const tried = `${paths.run}/certificate-to-install.pem`;
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  await machine.put({ ...file, path: tried });
  try {
    if (await isTrusted(machine, tried)) return;
  } finally {
    await machine.remove(tried);
  }
  throw new Failure(
    'no authority that this box trusts stands behind the certificate',
    'add the certificates between it and the authority, which the authority publishes; a private authority goes into /usr/local/share/ca-certificates (update-ca-certificates)',
  );
}

/** As Mail-in-a-Box names it: name, last day, and a piece of its fingerprint. */
function fileName(certificate: X509Certificate, hostname: string): string {
  const day = new Date(certificate.validTo).toISOString().slice(0, 10).replace(/-/g, '');
  const print = certificate.fingerprint256.replace(/:/g, '').slice(0, 8).toLowerCase();
  return `${hostname}-${day}-${print}.pem`;
}
