/**
 * What of passkeys is the library's: whether an answer is signed as WebAuthn wants, by the key, for the challenge, the page
 * and the name that are expected. A bundle of its own (`build.js`), loaded when the first passkey comes: nothing else of the
 * box needs it, and every command would have to read it.
 */
import { webcrypto } from 'node:crypto';
import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';

export interface Expected {
  readonly challenge: string;
  readonly hostname: string;
}
export interface CheckedKey {
  readonly id: string;
  /** COSE, as base64url. */
  readonly publicKey: string;
  readonly counter: number;
}

// Node.js before 20 has it, but not under this name.
const global = globalThis as { crypto?: unknown };
global.crypto ??= webcrypto;

const place = ({ challenge, hostname }: Expected) => ({
  expectedChallenge: challenge,
  expectedOrigin: `https://${hostname}`,
  expectedRPID: hostname,
  requireUserVerification: true,
});

/** A new key. @throws Error saying what is wrong with the answer */
export async function checkRegistration(answer: unknown, expected: Expected): Promise<CheckedKey> {
  const { verified, registrationInfo } = await verifyRegistrationResponse({
    ...place(expected),
    response: answer as RegistrationResponseJSON,
    supportedAlgorithmIDs: [...algorithms],
  });
  if (!verified || registrationInfo === undefined) throw new Error('the attestation is not right');
  const { id, publicKey, counter } = registrationInfo.credential;
  return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter };
}

/** Gives the new counter. @throws Error saying what is wrong with the answer */
export async function checkAssertion(answer: unknown, key: CheckedKey, expected: Expected): Promise<number> {
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    ...place(expected),
    response: answer as AuthenticationResponseJSON,
    credential: {
      id: key.id,
      publicKey: new Uint8Array(Buffer.from(key.publicKey, 'base64url')),
      counter: key.counter,
    },
  });
  if (!verified) throw new Error('the signature is not the key’s');
  return authenticationInfo.newCounter;
}

/** ES256, EdDSA and RS256: what authenticators have (the numbers are COSE's). */
export const algorithms = [-7, -8, -257] as const;
