/** Puts a certificate of an authority into service: the key stays, and so does the TLSA record. */
import { type KeyObject, X509Certificate } from 'node:crypto';
import { updateZones } from '../dns/publish.ts';
import { certificatesOf, readChain } from '../keys/tls/chain.ts';
import { serving, takeIntoService } from '../keys/tls/daemons.ts';
import { readKey } from '../keys/tls/private-key.ts';
import { isTrusted } from '../keys/tls/trust.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import type { File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { followProfile } from '../mail-clients/sign.ts';
import { mayTakeOver, switchKeys } from './tls-key/switch.ts';

/**
 * Installs a certificate with its chain (PEM). What it replaces stays in its file. One for the next key (`box tls
 * new-key`) brings that key into service.
 * @throws Failure with the one thing that is wrong; then nothing has changed.
 */
export async function installCertificate(box: Box, pem: string): Promise<X509Certificate> {
  const { machine, settings, now } = box;
  const key = await readKey(machine, paths.tlsKey);
  if (key === undefined) throw new Failure(`${paths.tlsKey} is missing`, 'reboot: the box makes a new one');
  const next = await nextKeyOf(machine, pem);
  const chain = readChain(pem, { key: next ?? key, hostname: settings.hostname, now: now() });
  const [own] = chain;
  const name = certificateFile(own, settings.hostname);
  const text = chain.map((certificate) => certificate.toString().trim()).join('\n');
  const file = { path: `${paths.tls}/${name}`, mode: 0o644, text: `${text}\n` };
  await mustBeTrusted(box, file);
  if (next !== undefined) {
    await mayTakeOver(box);
    await machine.putChanged(file);
    await switchKeys(box, own, name);
  } else {
    await machine.putChanged(file);
    const before = await machine.linkTarget(paths.certificate);
    await takeIntoService(machine, own, {
      change: () => serving(machine, name),
      back: async () => {
        if (before !== undefined && before !== name) await serving(machine, before);
      },
    });
  }
  await followProfile(box);
  // A certificate of a public authority is what MTA-STS is announced by.
  await updateZones(box);
  return own;
}

/** The next key, where this is for that one. */
async function nextKeyOf(machine: Machine, pem: string): Promise<KeyObject | undefined> {
  const next = await readKey(machine, paths.nextTlsKey);
  if (next === undefined) return undefined;
  const [first] = certificatesOf(pem);
  try {
    return first !== undefined && new X509Certificate(first).checkPrivateKey(next) ? next : undefined;
  } catch {
    return undefined;
  }
}

/** Looked at where it is not in service yet; it is taken away again if nobody stands behind it. */
async function mustBeTrusted({ machine }: Box, file: File): Promise<void> {
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
export function certificateFile(certificate: X509Certificate, hostname: string): string {
  const day = new Date(certificate.validTo).toISOString().slice(0, 10).replace(/-/g, '');
  const print = certificate.fingerprint256.replace(/:/g, '').slice(0, 8).toLowerCase();
  return `${hostname}-${day}-${print}.pem`;
}
