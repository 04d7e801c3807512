/** Asks the browser for a passkey, or for a new one: what the box wants of it, and what it says, as JSON. */
import { browserSupportsWebAuthn, startAuthentication, startRegistration } from '@simplewebauthn/browser';
import { askJson } from '../ask.ts';
import { words } from '../words/spoken.ts';

export const hasPasskeys = browserSupportsWebAuthn;

export async function passkeyForLogIn(): Promise<string> {
  const optionsJSON = await askJson('POST /login/passkey/begin');
  return JSON.stringify(await said(startAuthentication({ optionsJSON })));
}

export async function newPasskey(password: string): Promise<string> {
  const optionsJSON = await askJson('POST /mfa/webauthn/begin', { form: { password } });
  return JSON.stringify(await said(startRegistration({ optionsJSON })));
}

/** Browsers say the same of one that took too long, of one who said no, and of a device that has none: all is one error. */
async function said<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    const { name } = error as Error;
    if (name === 'InvalidStateError') throw new Error(words().factor.hasPasskey);
    if (name === 'NotAllowedError' || name === 'AbortError') throw new Error(words().factor.gaveNone);
    throw error;
  }
}
