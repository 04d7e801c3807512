/**
 * The keyed proofs that stand for a password: the API key of an account, and what a session is bound to. Both are HMACs
 * over address, current hash and second factors, so that changing any of these ends them. Pure.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { LogIn } from '../../mail/log-in.ts';

/** The key that an account's programs use in the place of its password, as Mail-in-a-Box makes it (2016). */
export function apiKey(secret: string, login: LogIn): string {
  return proof(secret, 'AUTH', login);
}

/** What a session keeps of the account that it was made for. */
export function sessionProof(secret: string, login: LogIn): string {
  return proof(secret, 'SESSION', login);
}

function proof(secret: string, purpose: string, { email, stored, factors }: LogIn): string {
  // Without a second factor exactly the message of the guide's time.
  const more = factors.length === 0 ? '' : ` ${JSON.stringify(factors.map((f) => [f.id, f.type, f.secret]))}`;
  return createHmac('sha256', secret).update(`${purpose}:${email} ${stored}${more}`).digest('hex');
}

/** Compares without telling by time where two texts differ, nor how long they are. */
export function isSame(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
