/**
 * Storage roots of Mail-in-a-Box by its documented layout (setup/migrate.py, setup/*.sh), one for each number of
 * mailinabox.version, with everything in them that people would miss. Made inside a box, by its own SQLite, ldns and OpenSSL.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Account } from '../../rig/mail.ts';
import type { LabBox } from './nspawn.ts';

export const versions = [10, 11, 12, 13, 14, 15] as const;

export interface OldBox {
  readonly version: number;
  readonly folder: string;
  readonly ann: Account;
  readonly bob: Account;
  /** Base32; only from 13 on. */
  readonly totpSecret: string;
  /** SHA-256 of the TLS key's SubjectPublicKeyInfo, in hexadecimal. */
  readonly tlsKey: string;
  /** Base64. */
  readonly dkimKey: string;
  /** `TAG ALGORITHM DIGEST`, SHA-256, for old.example, sorted. */
  readonly ds: readonly string[];
}

const script = readFileSync(fileURLToPath(new URL('make-old-box.sh', import.meta.url)), 'utf8');

export async function makeOldBox(box: LabBox, version: number): Promise<OldBox> {
  const folder = `/home/user-data/backup/old-${version}`;
  const ann = { email: 'ann@old.example', password: `old password of ann ${version}` };
  const bob = { email: 'bob@old.example', password: `old-password-of-bob-${version}` };
  const totpSecret = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
  const hash = async ({ password }: Account) =>
    (await box.run('openssl passwd -6 -stdin', `${password}\n`)).trim();
  const words = [folder, String(version), await hash(ann), await hash(bob), totpSecret];
  await box.run(`sh -eus -- ${words.map((word) => `'${word}'`).join(' ')}`, script);
  const facts = (what: string) => box.run(`cd ${folder}; ${what}`);
  return {
    version,
    folder,
    ann,
    bob,
    totpSecret,
    tlsKey: (
      await facts('openssl pkey -in ssl/ssl_private_key.pem -pubout -outform DER | sha256sum | cut -d" " -f1')
    ).trim(),
    dkimKey: (
      await facts('openssl pkey -in mail/dkim/mail.private -pubout -outform DER | base64 -w0')
    ).trim(),
    ds: (
      await facts(`for conf in dns/dnssec/*.conf; do
        ksk=$(sed -n s/^KSK=//p "$conf"); sed s/^_domain_[.]/old.example./ "dns/dnssec/$ksk.key" >/tmp/ksk.key
        ldns-key2ds -n -2 /tmp/ksk.key; done | awk '{ print $5, $6, toupper($8) }' | sort`)
    )
      .trim()
      .split('\n'),
  };
}
