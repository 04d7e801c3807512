/** `/login`, `/logout` and `/me`. They answer 200 whatever comes, as Mail-in-a-Box's do, and say how it went in `status`. */
import { apiKey } from '../keeper/api-key.ts';
import { identify, type Who } from '../keeper/identity.ts';
import { Refusal } from '../keeper/refusal.ts';
import { none } from './params.ts';
import { type Answer, type Call, json, type Route, route } from './route.ts';

const ofOne = ({ login: { email, privileges } }: Who) => ({ status: 'ok', email, privileges });

/** What is wrong with a log-in, as these routes say it. Too many of them are refused like everywhere. */
async function tell(call: Call, well: (who: Who) => Promise<Answer>): Promise<Answer> {
  try {
    if (call.credentials === undefined)
      throw new Refusal('unauthenticated', 'No authorization header provided.');
    return await well(await identify(call.door, call.credentials, call.from));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (error.kind === 'busy') throw error;
    const status = error.kind === 'missing-totp-token' ? error.kind : 'invalid';
    return json({ status, reason: error.message });
  }
}

export const logInRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/login',
    may: 'anyone',
    summary: 'log in: exchange the password for the key of a session',
    params: none,
    answers:
      '`{status: ok, email, privileges, api_key}`, or status `invalid` or `missing-totp-token` with a reason',
    run: (call) =>
      tell(call, async (who) => {
        // A session must not beget another: it would outlive its log-out.
        // Programs that begin with a log-in get back what they brought: a token begets nothing that may more.
        if (who.by === 'token') return json({ ...ofOne(who), api_key: call.credentials?.secret });
        if (who.by !== 'password') throw new Refusal('unauthenticated', 'Log in with your password.');
        const session = await call.door.sessions.begin(who.login);
        call.door.log(`${who.login.email} logged in from ${call.from}`);
        return { type: 'json', body: { ...ofOne(who), api_key: session }, session };
      }),
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
      return { type: 'json', body: { status: 'ok' }, session: '' };
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
      '`{status: ok, email, privileges}`, for administrators with `api_key`; or `{status: invalid, reason}`',
    run: (call) =>
      tell(call, async (who) => {
        const admin = who.login.privileges.includes('admin');
        const key = who.by === 'token' ? call.credentials?.secret : apiKey(call.door.secret, who.login);
        return json({ ...ofOne(who), ...(admin ? { api_key: key } : {}) });
      }),
  }),
];
