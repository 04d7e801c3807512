/** `/mail/aliases` and `/mail/domains`, as Mail-in-a-Box's API has them. */
import { domainToUnicode } from 'node:url';
import * as z from 'zod';
import { dropAlias, leadAlias } from '../../accounts/aliases.ts';
import { readSettings } from '../../machine/settings-file.ts';
import { domainOf } from '../../mail/address.ts';
import {
  type Alias,
  bySource,
  destinationsOf,
  isOtherSpelling,
  type MailData,
  mailDomains,
} from '../../mail/required-aliases.ts';
import { readMailData } from '../../mail/users.ts';
import { addresses, field, none } from '../params.ts';
import { done, json, lines, type Route, route } from '../route.ts';

interface Listed extends Alias {
  readonly auto: boolean;
}

function allOf({ aliases, autoAliases }: MailData): Listed[] {
  const own = aliases.map((alias) => ({ ...alias, auto: false }));
  const taken = new Set(own.map(({ source }) => source));
  const made = autoAliases
    .filter((alias) => !taken.has(alias.source) && !isOtherSpelling(alias))
    .map((alias) => ({ ...alias, auto: true }));
  return [...own, ...made].sort(bySource);
}

const shown = (address: string) =>
  `${address.slice(0, address.lastIndexOf('@'))}@${domainToUnicode(domainOf(address)) || domainOf(address)}`;

function byDomain(all: readonly Listed[]) {
  const domains = [...new Set(all.map(({ source }) => domainOf(source)))].sort();
  return domains.map((domain) => ({
    domain,
    aliases: all
      .filter(({ source }) => domainOf(source) === domain)
      .map((alias) => ({
        address: alias.source,
        address_display: shown(alias.source),
        forwards_to: destinationsOf(alias).map(shown),
        permitted_senders: alias.permittedSenders ? alias.permittedSenders.split(',') : null,
        auto: alias.auto,
      })),
  }));
}

export const mailAliasRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/mail/aliases',
    may: 'admin',
    summary: 'list the aliases, and those that the box makes by itself',
    params: z.object({ format: field('`json` for domains with their aliases') }),
    answers: 'a line each: address, destinations, permitted senders, with tabs between; or JSON',
    async run({ machine }, { format }) {
      const all = allOf(await readMailData(machine));
      if (format === 'json') return json(byDomain(all));
      return lines(
        all.map((a) => `${a.source}\t${a.destination}\t${a.permittedSenders ?? ''}\t${Number(a.auto)}`),
      );
    },
  }),
  route({
    method: 'POST',
    path: '/mail/aliases/add',
    may: 'admin',
    summary: 'lead mail for an address, or for a whole @domain, to other addresses',
    params: z.object({
      address: field('the alias, or @domain', 320),
      forwards_to: addresses('where its mail goes; commas or line ends between'),
      permitted_senders: addresses('accounts that may send as it; none: those among the destinations'),
      update_if_exists: field('`1`: in the place of the one that is there'),
    }),
    answers: '`alias added` or `alias updated`, and which zones changed',
    async run({ machine }, { address, forwards_to, permitted_senders, update_if_exists }) {
      const wish = { source: address, destination: forwards_to, permittedSenders: permitted_senders };
      const { replaced, zones } = await leadAlias(machine, wish, update_if_exists === '1');
      return done(replaced ? 'alias updated' : 'alias added', zones);
    },
  }),
  route({
    method: 'POST',
    path: '/mail/aliases/remove',
    may: 'admin',
    summary: 'remove an alias',
    params: z.object({ address: field('the alias', 320) }),
    answers: '`alias removed`, and which zones changed',
    run: async ({ machine }, { address }) => done('alias removed', (await dropAlias(machine, address)).zones),
  }),
  route({
    method: 'GET',
    path: '/mail/domains',
    may: 'admin',
    summary: 'every domain that the box takes mail for',
    params: none,
    answers: 'one a line',
    async run({ machine }) {
      const { hostname } = await readSettings(machine);
      return lines(mailDomains(hostname, await readMailData(machine)));
    },
  }),
];
