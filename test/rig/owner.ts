/** Who owns the boxes of these tests: a throwaway password and ssh key, made anew in every run. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { metaData } from '../../builder/outputs/meta-data.ts';
import { userData } from '../../builder/outputs/user-data.ts';
import type { Settings } from '../../contract/settings.ts';
import { output } from './program.ts';

export interface Owner {
  readonly email: string;
  readonly password: string;
  readonly passwordHash: string;
  /** Path of the private ssh key. */
  readonly sshKey: string;
  readonly sshPublicKey: string;
}

export const hostname = 'box.example.com';

export async function makeOwner(folder: string): Promise<Owner> {
  const sshKey = path.join(folder, 'ssh_key');
  await output(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-C', 'boot tests', '-f', sshKey]);
  const password = `correct-horse-${randomBytes(9).toString('base64url')}`;
  const passwordHash = (
    await output(['openssl', 'passwd', '-6', '-stdin'], { input: `${password}\n` })
  ).trim();
  const sshPublicKey = readFileSync(`${sshKey}.pub`, 'utf8').trim();
  return { email: 'me@example.com', password, passwordHash, sshKey, sshPublicKey };
}

export function settingsOf(owner: Owner, changed: Partial<Settings> = {}): Settings {
  return {
    format: 1,
    hostname,
    admin: { email: owner.email, passwordHash: owner.passwordHash },
    timezone: 'Etc/UTC',
    storage: {},
    // A root that nobody may ask: every look-up fails at once, where in a network without a way out each would wait.
    lab: { rootHints: ['127.0.0.1'] },
    // One client of the tests stands for many, and some of them try wrong passwords.
    bruteForce: { allow: ['198.51.100.0/24', '10.0.2.0/24', '127.0.0.0/8'] },
    ...changed,
  };
}

/** What the builder itself would hand to a cloud for this box. */
export function documentsOf(
  owner: Owner,
  settings = settingsOf(owner),
): { userData: string; metaData: string } {
  const text = userData({ settings, sshKeys: [owner.sshPublicKey] }, 'qemu');
  return { userData: text, metaData: metaData(settings.hostname, text) };
}
