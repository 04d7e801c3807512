/** One-time codes as a second factor (RFC 6238), with the parameters that every authenticator app has: SHA-1, 6 digits, 30 s. */
import { Secret, TOTP } from 'otpauth';

/** A code may be one step early or late: clocks differ. */
const window = 1;

export function isCode(secret: string, code: string, now: number): boolean {
  if (!/^\d{6}$/.test(code)) return false;
  return totpOf(secret).validate({ token: code, timestamp: now, window }) !== null;
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
    period: 30,
  });
}
