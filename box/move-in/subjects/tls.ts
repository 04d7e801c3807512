/** The TLS key, so that TLSA records stay true, and the certificate for it that the old box served. */
import { X509Certificate } from 'node:crypto';
import { basename } from 'node:path';
import { covers, isSelfSigned } from '../../keys/tls/certificate.ts';
import { certificatesOf } from '../../keys/tls/chain.ts';
import { readKey } from '../../keys/tls/private-key.ts';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { certificateFile } from '../../renew/install.ts';
import type { Subject } from './subject.ts';

interface Served {
  readonly certificate: X509Certificate;
  /** With its issuers. */
  readonly pem: string;
}

export const tlsSubject: Subject = {
  title: 'TLS key',
  async look({ machine }, { settings: { hostname }, now }) {
    const key = await readKey(machine, paths.tlsKey);
    if (key === undefined) {
      if (await machine.exists(paths.tlsKey))
        throw new Failure(
          `${paths.tlsKey} is damaged`,
          'copy it anew, or remove that copy: the box then makes a new key, and TLSA records change',
        );
      return { stays: ['there is none: the box makes one'] };
    }
    const comes = `${key.asymmetricKeyType === 'rsa' ? `RSA, ${key.asymmetricKeyDetails?.modulusLength} bits` : key.asymmetricKeyType}: TLSA records stay true`;
    const served = await readServed(machine);
    if (served === undefined)
      return { comes, stays: ['a certificate: there is none that can be read; the box makes one'] };
    const { certificate } = served;
    const why = whyNot(served, hostname, now());
    if (!certificate.checkPrivateKey(key))
      return { comes, stays: ['the certificate: it is not for that key'] };
    return why === undefined
      ? {
          comes: `${comes}; with the certificate for ${hostname}, valid until ${new Date(certificate.validTo).toISOString().slice(0, 10)}`,
        }
      : { comes, stays: [`the certificate: ${why}; the box makes one itself, until: box tls provision`] };
  },
  async lay({ machine }, { settings: { hostname }, now }, fresh) {
    const text = await machine.read(paths.tlsKey);
    if (text === undefined) return;
    await fresh.putDirectory({ path: paths.tls, mode: 0o755 });
    await fresh.put({ path: paths.tlsKey, mode: 0o600, text });
    const key = await readKey(machine, paths.tlsKey);
    const served = await readServed(machine);
    if (key === undefined || served === undefined || !served.certificate.checkPrivateKey(key)) return;
    if (whyNot(served, hostname, now()) !== undefined) return;
    const name = certificateFile(served.certificate, hostname);
    await fresh.put({ path: `${paths.tls}/${name}`, mode: 0o644, text: served.pem });
    await fresh.link(paths.certificate, name);
  },
};

/** Why this box can't go on with it. */
function whyNot({ certificate }: Served, hostname: string, now: Date): string | undefined {
  if (isSelfSigned(certificate)) return 'it is self-signed';
  if (!covers(certificate, hostname)) return `it is not for ${hostname}`;
  return Date.parse(certificate.validTo) <= now.getTime() ? 'it has expired' : undefined;
}

/** Mail-in-a-Box's link is absolute: what it leads to is looked for beside it, and not on this box. */
async function readServed(machine: Machine): Promise<Served | undefined> {
  const target = await machine.linkTarget(paths.certificate);
  const file = target === undefined ? paths.certificate : `${paths.tls}/${basename(target)}`;
  if (!(await machine.isPlainFile(file))) return undefined;
  const chain = certificatesOf((await machine.read(file)) ?? '');
  try {
    const [own] = chain.map((pem) => new X509Certificate(pem));
    return own && { certificate: own, pem: `${chain.join('\n')}\n` };
  } catch {
    return undefined;
  }
}
