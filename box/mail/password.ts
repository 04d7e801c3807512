/** Password rules, and the hash that is all the box keeps of one. */
import { sha512CryptPattern } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';

/** Dovecot's name of the scheme, as Mail-in-a-Box stores it before every hash. */
export const scheme = '{SHA512-CRYPT}';
/** No password hashes to this: the account exists, and nobody can log in. */
export const locked = `${scheme}!`;

/** How users.sqlite stores a hash; without one the account is locked. */
export function storedPassword(hash: string | undefined): string {
  return hash === undefined ? locked : `${scheme}${hash}`;
}

/** Hashes a new password; it reaches the hashing program on standard input only. */
export async function hashPassword(machine: Machine, typed: string): Promise<string> {
  checkPassword(typed);
  const password = composed(typed);
  // doveadm asks twice, as at a terminal.
  const out = await machine.run(['doveadm', 'pw', '-s', 'SHA512-CRYPT'], `${password}\n${password}\n`);
  const stored = out.trim();
  if (!stored.startsWith(scheme) || !sha512CryptPattern.test(stored.slice(scheme.length))) {
    throw new Failure('doveadm made no SHA512-CRYPT hash', 'check that dovecot is whole: doveconf -n');
  }
  return stored;
}

/** The letters as keyboards send them: `ü` is one (RFC 8265, section 4.2.2). Dovecot takes what comes as it comes. */
export const composed = (password: string) => password.normalize('NFC');

/** RFC 8265, section 4: blanks are as good as letters, also in front and behind. */
export function checkPassword(typed: string): void {
  const refuse = (what: string) => {
    throw new Failure(`the password ${what}`, 'choose another; nothing was changed');
  };
  const password = composed(typed);
  if ([...password].length < 8) refuse('has fewer than 8 characters');
  if (Buffer.byteLength(password) > 256) refuse('is longer than 256 bytes');
  if (/[\p{Cc}\p{Cs}\u2028\u2029]/u.test(password)) refuse('holds a control character');
  // Who types it finds the plain one on the next keyboard, and no mail server makes one of the other.
  if (/(?! )\p{Zs}/u.test(password)) refuse('holds a blank that is not the plain one of the space bar');
  if (/^ +$/.test(password)) refuse('is nothing but blanks');
}
