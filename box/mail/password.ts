/** Password rules, and the hash that is all the box keeps of one. */
import { Failure } from '../failure.ts';
import type { Machine } from '../machine.ts';
import { sha512CryptPattern } from '../settings.ts';

/** Dovecot's name of the scheme, as Mail-in-a-Box stores it before every hash. */
export const scheme = '{SHA512-CRYPT}';
/** No password hashes to this: the account exists, and nobody can log in. */
export const locked = `${scheme}!`;

/** How users.sqlite stores a hash; without one the account is locked. */
export function storedPassword(hash: string | undefined): string {
  return hash === undefined ? locked : `${scheme}${hash}`;
}

/** Hashes a new password; it reaches the hashing program on standard input only. */
export async function hashPassword(machine: Machine, password: string): Promise<string> {
  checkPassword(password);
  // doveadm asks twice, as at a terminal.
  const out = await machine.run(['doveadm', 'pw', '-s', 'SHA512-CRYPT'], `${password}\n${password}\n`);
  const stored = out.trim();
  if (!stored.startsWith(scheme) || !sha512CryptPattern.test(stored.slice(scheme.length))) {
    throw new Failure('doveadm made no SHA512-CRYPT hash', 'check that dovecot is whole: doveconf -n');
  }
  return stored;
}

export function checkPassword(password: string): void {
  const refuse = (what: string) => {
    throw new Failure(`the password ${what}`, 'choose another; nothing was changed');
  };
  if ([...password].length < 8) refuse('has fewer than 8 characters');
  if (Buffer.byteLength(password) > 256) refuse('is longer than 256 bytes');
  if (/[\s\p{Cc}]/u.test(password)) refuse('holds a space or a control character');
}
