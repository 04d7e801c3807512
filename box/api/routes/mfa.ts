/** `/mfa`: one-time codes as a second factor, as Mail-in-a-Box's API has them, and passkeys, which are the box's own. */
import * as z from 'zod';
import type { SecondFactors } from '../../../contract/api.ts';
import { newKeyOptions } from '../../accounts/log-in/passkeys.ts';
import { Refusal } from '../../accounts/log-in/refusal.ts';
import { newSecret, provisioningUri } from '../../accounts/log-in/totp.ts';
import { turnOffCodes, turnOnCodes, turnOnPasskey } from '../../accounts/second-factor.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { accountAddress } from '../../mail/address.ts';
import { existingLogIn } from '../../mail/log-in.ts';
import { answerOfBrowser, field } from '../params.ts';
import { qrCode } from '../qr-code.ts';
import { type Call, json, type Route, route, text } from '../route.ts';
import { confirmOwn, own } from './own.ts';

const user = field('address of the account; none: one’s own; others’ for administrators alone', 320);
/** One's own; of others for administrators alone. */
function addressOf(call: Call, given: string): string {
  const email = given === '' ? own(call) : accountAddress(given);
  if (email !== own(call) && call.who?.login.privileges.includes('admin') !== true)
    throw new Refusal('forbidden', 'You are not an administrator.');
  return email;
}

/** A secret that is not kept until `enable` brings it back with a code. */
async function fresh(call: Call) {
  const { hostname } = await readSettings(call.machine);
  const secret = newSecret();
  const uri = provisioningUri(secret, own(call), hostname);
  return { type: 'totp' as const, secret, qr_code_base64: await qrCode(uri) };
}

export const mfaRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/mfa/status',
    may: 'user',
    summary: 'the second factors of an account, and for one’s own a secret for a new one',
    params: z.object({ user }),
    answers:
      '`{enabled_mfa: [{id, type: totp|webauthn, label}], new_mfa: {totp: {type, secret, qr_code_base64}}}`',
    async run(call, params) {
      const email = addressOf(call, params.user);
      const login = await existingLogIn(call.machine, email);
      const enabled = login.factors.map(({ id, type, label }) => ({ id, type, label }));
      const mine = email === own(call);
      return json<SecondFactors>({
        enabled_mfa: enabled,
        ...(mine ? { new_mfa: { totp: await fresh(call) } } : {}),
      });
    },
  }),
  route({
    method: 'POST',
    path: '/mfa/totp/enable',
    may: 'user',
    summary: 'ask for a one-time code at one’s log-ins from now on; ends one’s sessions and keys',
    params: z.object({
      secret: field('from `/mfa/status`'),
      token: field('a code that the app shows'),
      label: field('a name for it', 100),
    }),
    answers: '`OK`',
    async run(call, { secret, token, label }) {
      await turnOnCodes(call.machine, own(call), { secret, code: token, label }, call.door.now());
      return text('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/mfa/webauthn/begin',
    may: 'user',
    summary:
      'ask for a challenge for a new passkey of one’s own, by password, since a passkey opens more than a session; good once, for five minutes',
    params: z.object({ password: field('one’s own') }),
    answers: 'JSON: what `navigator.credentials.create()` takes as `publicKey`, with base64url for bytes',
    async run(call, { password }) {
      const login = await confirmOwn(call, password);
      return json(await newKeyOptions(call.door, login, call.from));
    },
  }),
  route({
    method: 'POST',
    path: '/mfa/webauthn/enable',
    may: 'user',
    summary:
      'log in by this passkey from now on, and never by the password alone; ends one’s sessions and keys',
    params: z.object({ credential: answerOfBrowser, label: field('a name for it', 100) }),
    answers: '`OK`',
    async run(call, { credential, label }) {
      await turnOnPasskey(call.door, own(call), credential, label);
      return text('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/mfa/disable',
    may: 'user',
    summary: 'take a second factor away; ends the account’s sessions and keys',
    params: z.object({
      user,
      'mfa-id': z
        .string()
        .regex(/^\d{0,15}$/, 'is no number')
        .default('')
        .describe('which one; none: all'),
    }),
    answers: '`OK`',
    async run(call, params) {
      const id = params['mfa-id'];
      await turnOffCodes(call.machine, addressOf(call, params.user), id === '' ? undefined : Number(id));
      return text('OK');
    },
  }),
];
