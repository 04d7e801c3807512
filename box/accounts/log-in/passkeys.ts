/** Passkeys (WebAuthn): what a browser is asked for, and whether its answer is an account's key. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Answers } from '../../../contract/api.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { readPasskeys, useCounter } from '../../mail/factors.ts';
import { type LogIn, readLogIn } from '../../mail/log-in.ts';
import { lifetime } from './challenges.ts';
import type { Doorkeeper } from './door.ts';
import type { CheckedKey } from './passkey-library.ts';

const text = z.string().max(8000);
/** The parts that are read before the library looks; it looks at the whole. */
const answerSchema = z.looseObject({
  id: z.string().regex(/^[\w-]{1,1400}$/),
  response: z.looseObject({ clientDataJSON: text }),
});

/** @throws Error where the text is no answer of a browser */
function parse(given: string): { readonly answer: unknown; readonly id: string; readonly challenge: string } {
  const answer: unknown = JSON.parse(given);
  const { id, response } = answerSchema.parse(answer);
  const said: unknown = JSON.parse(Buffer.from(response.clientDataJSON, 'base64url').toString('utf8'));
  return { answer, id, challenge: z.looseObject({ challenge: z.string().max(200) }).parse(said).challenge };
}

const forNewKey = (email: string) => `new key of ${email}`;
const forLogIn = 'log-in';

/** What `navigator.credentials.create()` is asked: a key that the authenticator gives to whom it knows by PIN, finger or face. */
export async function newKeyOptions(
  door: Doorkeeper,
  login: LogIn,
  from: string,
): Promise<Answers['POST /mfa/webauthn/begin']> {
  const { hostname } = await readSettings(door.machine);
  const { algorithms } = await import('./passkey-library.ts');
  return {
    challenge: door.challenges.make(forNewKey(login.email), from),
    rp: { id: hostname, name: hostname },
    // The same for each key of an account; it tells nobody the address.
    user: { id: hash(`${hostname} ${login.email}`), name: login.email, displayName: login.email },
    pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
    excludeCredentials: (await readPasskeys(door.machine))
      .filter(({ email }) => email === login.email)
      .map(({ key }) => ({ type: 'public-key', id: key.id })),
    authenticatorSelection: {
      residentKey: 'required',
      requireResidentKey: true,
      userVerification: 'required',
    },
    attestation: 'none',
    timeout: lifetime,
  };
}

/** @throws Error for an answer that is not right */
export async function newKey(door: Doorkeeper, email: string, given: string): Promise<CheckedKey> {
  const { answer, challenge } = parse(given);
  if (!door.challenges.take(challenge, forNewKey(email)))
    throw new Error('it was asked too long ago, or not at all');
  const { hostname } = await readSettings(door.machine);
  const { checkRegistration } = await import('./passkey-library.ts');
  return checkRegistration(answer, { challenge, hostname });
}

/** What `navigator.credentials.get()` is asked. It names no account: who has none is told nothing. */
export async function logInOptions(
  door: Doorkeeper,
  from: string,
): Promise<Answers['POST /login/passkey/begin']> {
  const { hostname } = await readSettings(door.machine);
  const challenge = door.challenges.make(forLogIn, from);
  return { challenge, rpId: hostname, userVerification: 'required', allowCredentials: [], timeout: lifetime };
}

/** Whose key has signed. @throws Error for an answer that is not right */
export async function logInByKey(door: Doorkeeper, given: string): Promise<LogIn> {
  const { machine, challenges } = door;
  const { answer, id, challenge } = parse(given);
  if (!challenges.take(challenge, forLogIn)) throw new Error('it was asked too long ago, or not at all');
  const { hostname } = await readSettings(machine);
  const found = (await readPasskeys(machine)).find(({ key }) => key.id === id);
  if (found === undefined) throw new Error('no account has this key');
  const { checkAssertion } = await import('./passkey-library.ts');
  const { key, counter } = found;
  const next = await checkAssertion(answer, { ...key, counter }, { challenge, hostname });
  // Another answer may have come with the same count: one of the two is a copy's.
  if (!(await useCounter(machine, found, next))) throw new Error('the count of the key is not the next');
  const login = await readLogIn(machine, found.email);
  if (login === undefined) throw new Error('the account is gone');
  return login;
}

const hash = (given: string) => createHash('sha256').update(given).digest('base64url');
