/** `/login`, by password and by passkey, `/logout` and `/me`. They answer 200 whatever comes, as Mail-in-a-Box's do, and say how it went in `status`. */
import * as z from 'zod';
import type { LogInAnswer } from '../../../contract/api.ts';
import { apiKey } from '../../accounts/log-in/api-key.ts';
import type { Who } from '../../accounts/log-in/door.ts';
import { identify, identifyByPasskey } from '../../accounts/log-in/identity.ts';
import { logInOptions } from '../../accounts/log-in/passkeys.ts';
import { Refusal } from '../../accounts/log-in/refusal.ts';
import { stepsAreLeft } from '../../health/first-steps/read.ts';
import { lastSeen } from '../../health/last-seen.ts';
import { readImage, readSettings } from '../../machine/settings-file.ts';
import { answerOfBrowser, none } from '../params.ts';
import { type Answer, type Call, json, type Route, route } from '../route.ts';

/** Who it is, and what the panel shows to everyone: the box's own name, and whether there is a webmail to go to. */
async function ofOne({ machine }: Call, { login: { email, privileges } }: Who) {
  const webmail = (await readImage(machine)).roles.includes('webmail');
  const hostname = await ownName(machine);
  const first_steps = privileges.includes('admin') && (await areLeft(machine));
  return { status: 'ok', email, privileges, webmail, hostname, first_steps } as const;
}

/** A hint: nobody is kept out because it can't be given. */
const areLeft = async (machine: Call['machine']) =>
  lastSeen(machine)
    .then((seen) => stepsAreLeft(machine, seen))
    .catch(() => false);

/** Everyone may know it: the certificate says it too. */
const ownName = async (machine: Call['machine']) => (await readSettings(machine)).hostname;

/** What is wrong with a log-in, as these routes say it. Too many of them are refused like everywhere. */
async function tell(
  call: Call,
  well: (who: Who) => Promise<Answer<LogInAnswer>>,
  who: () => Promise<Who> = () => byCredentials(call),
): Promise<Answer<LogInAnswer>> {
  try {
    return await well(await who());
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind === 'busy') throw error;
    const { kind, message } = error;
    const status = kind === 'missing-totp-token' || kind === 'missing-passkey' ? kind : 'invalid';
    return json({ status, reason: message, hostname: await ownName(call.machine) });
  }
}

async function byCredentials({ door, credentials, from }: Call): Promise<Who> {
  if (credentials === undefined) throw new Refusal('unauthenticated', 'No authorization header provided.');
  return identify(door, credentials, from);
}

async function session(call: Call, who: Who): Promise<Answer<LogInAnswer>> {
  const { door, from } = call;
  const key = await door.sessions.begin(who.login);
  door.log(`${who.login.email} logged in from ${from}${who.by === 'passkey' ? ', by a passkey' : ''}`);
  return { type: 'json', body: { ...(await ofOne(call, who)), api_key: key }, session: key };
}

export const logInRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/login',
    may: 'anyone',
    summary: 'log in: exchange the password for the key of a session',
    params: none,
    answers:
      '`{status: ok, email, privileges, webmail, hostname, first_steps, api_key}`, or status `invalid`, `missing-totp-token` or `missing-passkey` with reason and hostname',
    run: (call) =>
      tell(call, async (who) => {
        // A session must not beget another: it would outlive its log-out.
        // Programs that begin with a log-in get back what they brought: a token begets nothing that may more.
        if (who.by === 'token')
          return json({ ...(await ofOne(call, who)), api_key: call.credentials?.secret });
        if (who.by !== 'password') throw new Refusal('unauthenticated', 'Log in with your password.');
        return session(call, who);
      }),
  }),
  route({
    method: 'POST',
    path: '/login/passkey/begin',
    may: 'anyone',
    summary: 'ask for a challenge for a passkey to sign; good once, for five minutes',
    params: none,
    answers: 'JSON: what `navigator.credentials.get()` takes as `publicKey`, with base64url for bytes',
    run: async ({ door, from }) => json(await logInOptions(door, from)),
  }),
  route({
    method: 'POST',
    path: '/login/passkey',
    may: 'anyone',
    summary: 'log in by a passkey, without a password: it is two factors by itself',
    params: z.object({ credential: answerOfBrowser }),
    answers:
      '`{status: ok, email, privileges, webmail, hostname, first_steps, api_key}`, or status `invalid` with reason and hostname',
    run: (call, { credential }) =>
      tell(
        call,
        (who) => session(call, who),
        () => identifyByPasskey(call.door, credential, call.from),
      ),
  }),
  route({
    method: 'POST',
    path: '/logout',
    may: 'anyone',
    summary: 'end the session that this is asked with',
    params: none,
    answers: '`{status: ok}`',
    async run({ door, credentials }) {
      if (credentials !== undefined) await door.sessions.end(credentials.secret);
      return { ...json({ status: 'ok' }), session: '' };
    },
  }),
  route({
    method: 'GET',
    path: '/me',
    may: 'anyone',
    summary:
      'who this is asked by; administrators get their API key, which is valid until their password changes',
    params: none,
    answers:
      '`{status: ok, email, privileges, webmail, hostname, first_steps}`, for administrators with `api_key`; or `{status: invalid, reason, hostname}`',
    run: (call) =>
      tell(call, async (who) => {
        const admin = who.login.privileges.includes('admin');
        const key = who.by === 'token' ? call.credentials?.secret : apiKey(call.door.secret, who.login);
        return json({ ...(await ofOne(call, who)), ...(admin ? { api_key: key } : {}) });
      }),
  }),
];
