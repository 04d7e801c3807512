/** `/me/account` and `/me/password`: what people may know and change of their own account. Mail-in-a-Box has no such routes. */
import * as z from 'zod';
import { changePassword } from '../../accounts/accounts.ts';
import { confirmPassword } from '../../accounts/log-in/identity.ts';
import { Refusal } from '../../accounts/log-in/refusal.ts';
import { ownAccount } from '../../accounts/own-account.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { field, none } from '../params.ts';
import { qrCode } from '../qr-code.ts';
import { json, type Route, route, text } from '../route.ts';
import { own } from './own.ts';

export const ownAccountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/me/account',
    may: 'user',
    summary: 'how full one’s own mailbox is, which aliases lead there, and what programs may log in with',
    params: none,
    answers:
      '`{email, mailbox_size, mailbox_limit, aliases, app_passwords_only, has_second_factor, sessions, profile: {url, qr_code_base64}}`, sizes in bytes; the QR code (PNG) holds the address of Apple’s profile',
    async run(call) {
      const { machine, door } = call;
      const told = await ownAccount(machine, own(call));
      const { hostname } = await readSettings(machine);
      const url = `https://${hostname}/mailinabox.mobileconfig`;
      const sessions = door.sessions.countOf(told.email);
      return json({ ...told, sessions, profile: { url, qr_code_base64: await qrCode(url) } });
    },
  }),
  route({
    method: 'POST',
    path: '/me/sessions/end',
    may: 'user',
    summary: 'end all sessions of one’s own account, on all devices, and this one',
    params: none,
    answers: '`{status: ok}`',
    async run(call) {
      await call.door.sessions.endAll(own(call));
      return { ...json({ status: 'ok' } as const), session: '' };
    },
  }),
  route({
    method: 'POST',
    path: '/me/password',
    may: 'user',
    summary:
      'change one’s own password; asked with the old one (and the one-time code), or in a session that brings the old one, since a session or a key is not enough; ends one’s sessions, keys and app passwords',
    params: z.object({
      password: field('the new password'),
      old: field('the old password, in a session; it has shown the second factor'),
    }),
    answers: '`OK`',
    async run({ machine, door, from, who }, { password, old }) {
      if (who?.by === 'session' && old !== '') await confirmPassword(door, who.login, old, from);
      else if (who?.by !== 'password')
        throw new Refusal('unauthenticated', 'Log in with your old password to change it.');
      await changePassword(machine, who.login.email, password);
      return text('OK');
    },
  }),
];
