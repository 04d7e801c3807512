/** `/mail/users`: accounts, as Mail-in-a-Box's API has them. */
import * as z from 'zod';
import {
  changeAdmin,
  changePassword,
  changeQuota,
  createAccount,
  deleteAccount,
  known,
} from '../../accounts/accounts.ts';
import { Failure } from '../../machine/failure.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { accountAddress, domainOf } from '../../mail/address.ts';
import { mailboxBytes } from '../../mail/mailbox-size.ts';
import { bytesOf } from '../../mail/quota.ts';
import type { User } from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import { email, field } from '../params.ts';
import { type Call, done, json, lines, type Route, route, text } from '../route.ts';

const address = z.object({ email });
const privilegesOf = ({ privileges }: User) => privileges.split('\n').filter((word) => word !== '');

/** `admin` or nothing: no other privilege has a meaning. */
function adminIn(privileges: string): boolean {
  const words = privileges.split(/[\r\n]+/).filter((word) => word !== '');
  const strange = words.find((word) => word !== 'admin');
  if (strange !== undefined) throw new Failure(`there is no privilege ${strange}`, 'the only one is: admin');
  return words.length > 0;
}

async function userOf({ machine }: Call, address: string): Promise<User> {
  return known(await readMailData(machine), accountAddress(address));
}

/** Domains with their accounts: the box's own domain first, as the panel shows them. */
async function byDomain({ machine }: Call) {
  const { users } = await readMailData(machine);
  const { hostname } = await readSettings(machine);
  const domains = [...new Set(users.map((user) => domainOf(user.email)))].sort(
    (a, b) => Number(b === hostname) - Number(a === hostname) || (a < b ? -1 : 1),
  );
  const rows = await Promise.all(
    users.map(async (user) => {
      const size = await mailboxBytes(machine, user.email);
      const most = bytesOf(user.quota);
      return {
        email: user.email,
        privileges: privilegesOf(user),
        status: 'active' as const,
        quota: user.quota,
        box_quota: most,
        box_size: size,
        percent: most === 0 ? '' : `${Math.round((100 * size) / most)}%`,
      };
    }),
  );
  return domains.map((domain) => ({ domain, users: rows.filter((row) => domainOf(row.email) === domain) }));
}

export const mailUserRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/mail/users',
    may: 'admin',
    summary: 'list the accounts',
    params: z.object({ format: field('`json` for more than the addresses') }),
    answers: 'one address a line; with `format=json` domains with their accounts',
    async run(call, { format }) {
      if (format === 'json') return json(await byDomain(call));
      return lines((await readMailData(call.machine)).users.map((user) => user.email));
    },
  }),
  route({
    method: 'POST',
    path: '/mail/users/add',
    may: 'admin',
    summary: 'add an account',
    params: z.object({
      email,
      password: field('its password'),
      privileges: z
        .string()
        .max(100)
        .regex(/^[a-z\r\n]*$/, 'is none')
        .default('')
        .describe('`admin`, or nothing'),
      quota: field('bytes, or such as 500M or 2G; 0 for no limit'),
    }),
    answers: '`mail user added`, and which zones changed',
    async run({ machine }, { email, password, privileges, quota }) {
      const wish = { email: accountAddress(email), password, admin: adminIn(privileges) };
      const zones = await createAccount(machine, { ...wish, ...(quota === '' ? {} : { quota }) });
      return done('mail user added', zones);
    },
  }),
  route({
    method: 'POST',
    path: '/mail/users/password',
    may: 'admin',
    summary: 'change a password; it ends the sessions, keys and app passwords of the account',
    params: z.object({ email, password: field('the new password') }),
    answers: '`OK`',
    async run({ machine }, { email, password }) {
      await changePassword(machine, accountAddress(email), password);
      return text('OK');
    },
  }),
  route({
    method: 'POST',
    path: '/mail/users/remove',
    may: 'admin',
    summary: 'remove an account; its mail stays on the disk',
    params: address,
    answers: '`mail user removed`, and which zones changed',
    async run(call, { email }) {
      const { machine, who } = call;
      if (who?.login.email === accountAddress(email))
        throw new Failure('you can’t remove your own account', 'let another administrator do it');
      return done('mail user removed', await deleteAccount(machine, accountAddress(email)));
    },
  }),
  route({
    method: 'GET',
    path: '/mail/users/privileges',
    may: 'admin',
    summary: 'what an account may',
    params: address,
    answers: 'one privilege a line',
    run: async (call, { email }) => text(privilegesOf(await userOf(call, email)).join('\n')),
  }),
  ...(['add', 'remove'] as const).map((verb) =>
    route({
      method: 'POST',
      path: `/mail/users/privileges/${verb}`,
      may: 'admin',
      summary: verb === 'add' ? 'make an account an administrator' : 'take that away again',
      params: z.object({ email, privilege: field('`admin`') }),
      answers: '`OK`',
      async run({ machine }, { email, privilege }) {
        if (!adminIn(privilege)) throw new Failure('no privilege is named', 'the only one is: admin');
        await changeAdmin(machine, accountAddress(email), verb === 'add');
        return text('OK');
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/mail/users/quota',
    may: 'admin',
    summary: 'how much mail an account may keep',
    params: z.object({
      email,
      text: z
        .string()
        .max(10)
        .regex(/^\P{Cc}*$/u)
        .optional()
        .describe('given: a plain text'),
    }),
    answers: 'the quota as text, or `{email, quota}`',
    async run(call, { email, text: plain }) {
      const user = await userOf(call, email);
      return plain === undefined ? json({ email: user.email, quota: user.quota }) : text(user.quota);
    },
  }),
  route({
    method: 'POST',
    path: '/mail/users/quota',
    may: 'admin',
    summary: 'change how much mail an account may keep',
    params: z.object({ email, quota: field('bytes, or such as 500M or 2G; 0 for no limit') }),
    answers: '`OK`',
    async run({ machine }, { email, quota }) {
      await changeQuota(machine, accountAddress(email), quota);
      return text('OK');
    },
  }),
];
