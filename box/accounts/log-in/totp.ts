/** One-time codes as a second factor (RFC 6238), with the parameters that every authenticator app has: SHA-1, 6 digits, 30 s. */
import { Secret, TOTP } from 'otpauth';

/** A code may be one step early or late: clocks differ. */
const window = 1;
/** Seconds. */
const period = 30;

/** The step that the clock is at: steps of 30 s since 1970. */
export const stepAt = (now: number): number => Math.floor(now / 1000 / period);
/** The latest step whose code is taken. */
export const latestStep = (now: number): number => stepAt(now) + window;

/**
 * The step that this is the code of; undefined: of none that counts now. Who takes the code notes the step (`useStep`), since
 * from then on only a later one counts (RFC 6238, section 5.2).
 */
export function stepOf(secret: string, code: string, now: number): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const shift = totpOf(secret).validate({ token: code, timestamp: now, window });
  return shift === null ? undefined : stepAt(now) + shift;
}

export function newSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** Whether it is base32 of 160 bits: what `newSecret` gives. */
export function isSecret(text: string): boolean {
  return /^[A-Z2-7]{32}$/.test(text);
}

/** What an authenticator app reads from a QR code. */
export function provisioningUri(secret: string, email: string, hostname: string): string {
  return totpOf(secret, email, hostname).toString();
}

function totpOf(secret: string, label = '', issuer = ''): TOTP {
  return new TOTP({
    secret: Secret.fromBase32(secret),
    label,
    issuer,
    algorithm: 'SHA1',
    digits: 6,
    period,
  });
}
