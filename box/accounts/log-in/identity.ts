/**
 * Finds out who asks: by password (and one-time code), by the key of a session, by an account's API key, by a token, or, at
 * the log-in alone, by a passkey.
 */
import { useStep } from '../../mail/factors.ts';
import { isPassword, type LogIn, readLogIn } from '../../mail/log-in.ts';
import { loginName } from '../../mail/typed.ts';
import { apiKey, isSame } from './api-key.ts';
import type { Credentials, Doorkeeper, Who } from './door.ts';
import { logInByKey } from './passkeys.ts';
import { Queue } from './queue.ts';
import { Refusal } from './refusal.ts';
import { Sessions } from './sessions.ts';
import { findToken, isTokenKey } from './tokens.ts';
import { latestStep, stepOf } from './totp.ts';

const wrong = 'Incorrect email address or password.';
/** Each is a process that computes for some milliseconds. */
const verifications = new Queue(2, 40);

/** @throws Refusal where it is nobody. Text and time are the same for an account that isn't there. */
export async function identify(door: Doorkeeper, credentials: Credentials, from: string): Promise<Who> {
  const { machine, attempts } = door;
  const { secret } = credentials;
  if (Sessions.isKey(secret)) return identifySession(door, credentials);
  if (isTokenKey(secret)) return identifyToken(door, credentials);
  const email = loginName(credentials.user);
  refuseTooMany(door, from, email);
  return verifications.turn(async () => {
    // Again: others who waited for their turn may have failed meanwhile.
    refuseTooMany(door, from, email);
    const login = await readLogIn(machine, email);
    const key = apiKey(door.secret, login ?? { email, stored: '', privileges: [], factors: [] });
    if (isSame(key, secret) && login !== undefined) return { login, by: 'api key' };
    const right = await isPassword(machine, login, secret);
    if (login === undefined || !right) throw fail(door, from, email, wrong);
    await checkSecondFactor(door, login, credentials, from);
    attempts.succeeded(from, email);
    return { login, by: 'password' };
  });
}

/** A session's key can't be guessed: a wrong one is an old one, and counts as no failed log-in. */
async function identifySession(door: Doorkeeper, { user, secret }: Credentials): Promise<Who> {
  const email = door.sessions.emailOf(secret);
  const ended = new Refusal('unauthenticated', 'The session has ended. Log in again.');
  if (email === undefined || (user !== '' && loginName(user) !== email)) throw ended;
  const login = await readLogIn(door.machine, email);
  if (login === undefined || !(await door.sessions.isOf(secret, login))) throw ended;
  return { login, by: 'session' };
}

/** Nor can a token's; it needs no one-time code, since no program has one. */
async function identifyToken(door: Doorkeeper, { user, secret }: Credentials): Promise<Who> {
  const found = await findToken(door.machine, secret, door.now());
  if (found === undefined || (user !== '' && loginName(user) !== found.login.email))
    throw new Refusal('unauthenticated', 'There is no such token, or it has ended.');
  return { login: found.login, by: 'token', scopes: found.scopes, token: found.token.id };
}

/** That who is logged in knows the password too: a session that was stolen makes no other way in. */
export async function confirmPassword(
  door: Doorkeeper,
  login: LogIn,
  password: string,
  from: string,
): Promise<void> {
  refuseTooMany(door, from, login.email);
  const right = await verifications.turn(() => isPassword(door.machine, login, password));
  if (right) return;
  fail(door, from, login.email, '');
  // They are known all the same: no session ends by it.
  throw new Refusal('bad-request', 'Incorrect password.');
}

/** Whose failures a passkey's count as: it names no account before it is right. */
const somebody = 'somebody with a passkey';

/** A passkey is two factors by itself: the device, and the PIN, finger or face that it asks for. */
export async function identifyByPasskey(door: Doorkeeper, answer: string, from: string): Promise<Who> {
  refuseTooMany(door, from, somebody);
  try {
    const login = await logInByKey(door, answer);
    door.attempts.succeeded(from, somebody);
    return { login, by: 'passkey' };
  } catch (error) {
    // Why, is for the log: a stranger learns nothing from it. Nor do they write there: words alone, no line and no address.
    const why = error instanceof Error ? error.message.split('\n')[0]?.replace(/[^A-Za-z ]+/g, ' ') : '';
    door.log(`a passkey from ${from} was refused: ${why?.slice(0, 80)}`);
    throw fail(door, from, somebody, 'The passkey is not accepted. Try again.');
  }
}

async function checkSecondFactor(
  door: Doorkeeper,
  login: LogIn,
  { code = '' }: Credentials,
  from: string,
): Promise<void> {
  const { email, factors } = login;
  if (factors.length === 0) return;
  if (!factors.some(({ type }) => type === 'totp'))
    throw new Refusal(
      'missing-passkey',
      'This account logs in with a passkey, in a browser. A program needs its API key or a token.',
    );
  if (code === '') throw new Refusal('missing-totp-token', 'A one-time code is needed too (X-Auth-Token).');
  if (!(await isNewCode(door, factors, code))) throw fail(door, from, email, 'Incorrect one-time code.');
}

/** What was seen once may have been seen by others: a code counts once, and none that is older than it counts any more. */
async function isNewCode(
  { machine, now }: Doorkeeper,
  factors: LogIn['factors'],
  code: string,
): Promise<boolean> {
  const time = now();
  for (const { id, type, secret, lastUse } of factors) {
    const step = type === 'totp' ? stepOf(secret, code, time) : undefined;
    if (step === undefined) continue;
    return lastUse !== code && useStep(machine, id, step, latestStep(time));
  }
  return false;
}

/** By the text of the address, whether there is such an account or not. */
function refuseTooMany(door: Doorkeeper, from: string, email: string): void {
  const seconds = door.attempts.waits(from, email);
  if (seconds === 0) return;
  logFailure(door, from);
  throw new Refusal('busy', `Too many log-ins failed. Try again in ${seconds} seconds.`, seconds);
}

/** Counts it; gives what to say. */
function fail(door: Doorkeeper, from: string, email: string, reason: string): Refusal {
  door.attempts.failed(from, email);
  logFailure(door, from);
  return new Refusal('unauthenticated', reason);
}

/** The line that fail2ban reads, as Mail-in-a-Box writes it. The time keeps repeats apart in the log. */
function logFailure({ log, now }: Doorkeeper, from: string): void {
  const timestamp = now() / 1000;
  log(`Mail-in-a-Box Management Daemon: Failed login attempt from ip ${from} - timestamp ${timestamp}`);
}
