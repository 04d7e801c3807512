/** Signs a profile with the box's certificate (CMS, RFC 5652), so that a telephone can say whose it is. Needs the TLS key: root's work. */
import { readCertificate } from '../keys/tls/certificate.ts';
import { certificatesOf } from '../keys/tls/chain.ts';
import type { Box } from '../machine/box.ts';
import { Failure } from '../machine/failure.ts';
import type { File, Machine } from '../machine/machine.ts';
import { paths } from '../machine/paths.ts';
import { readImage } from '../machine/settings-file.ts';
import { mailProfile } from './profile.ts';
import { serversOf } from './servers.ts';

/** The signed profile, DER; the key stays in its file. */
async function signed(machine: Machine, profile: string): Promise<Buffer> {
  const [certificate, key] = [machine.at(paths.certificate), machine.at(paths.tlsKey)];
  const [, ...issuers] = certificatesOf((await machine.read(paths.certificate)) ?? '');
  const chain = { path: paths.profileChain, mode: 0o644, text: `${issuers.join('\n')}\n` };
  await machine.putDirectory({ path: paths.run, mode: 0o755 });
  if (issuers.length > 0) await machine.put(chain);
  try {
    const pem = await machine.run(
      [
        ...['openssl', 'cms', '-sign', '-binary', '-nodetach', '-md', 'sha256', '-outform', 'PEM'],
        ...['-signer', certificate, '-inkey', key],
        // A telephone may not have them, and openssl wants them apart from the box's own.
        ...(issuers.length > 0 ? ['-certfile', machine.at(chain.path)] : []),
      ],
      profile,
    );
    return Buffer.from(pem.replace(/-----[A-Z0-9 ]+-----|\s/g, ''), 'base64');
  } finally {
    if (issuers.length > 0) await machine.remove(chain.path);
  }
}

const profileOf = async ({ machine, settings: { hostname } }: Box) =>
  mailProfile(serversOf(hostname, await readImage(machine)));

/** Whether the profile that everyone may fetch says what it should, and is signed with the certificate in use. */
export async function isProfileCurrent(box: Box): Promise<boolean> {
  const { machine } = box;
  const certificate = await readCertificate(machine);
  const file = await machine.read(paths.mailProfile, 'latin1');
  if (certificate === undefined || file === undefined) return false;
  // Both lie in the signed file as they are.
  const parts = [certificate.raw, Buffer.from(await profileOf(box), 'utf8')];
  return (
    parts.every((part) => file.includes(part.toString('latin1'))) &&
    (await machine.isOwned({ path: paths.mailProfile, mode: 0o644 }))
  );
}

async function updateProfile(box: Box): Promise<void> {
  if (await isProfileCurrent(box)) return;
  const made = await signed(box.machine, await profileOf(box));
  const file: File = {
    path: paths.mailProfile,
    mode: 0o644,
    text: made.toString('latin1'),
    encoding: 'latin1',
  };
  await box.machine.put(file);
}

/**
 * To be called when the certificate may have changed. Says whether the profile is right now: mail does not wait for it, and
 * `box status` tells why it is not.
 */
export async function followProfile(box: Box): Promise<boolean> {
  try {
    await updateProfile(box);
    return true;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return false;
  }
}
