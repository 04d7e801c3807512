/** Where mail for an address ends, in the steps of Postfix's own lookups (`/etc/postfix/*-alias-maps.cf`). Pure. */
import { domainOf } from './address.ts';
import { type Alias, destinationsOf, type MailData, mailDomains } from './required-aliases.ts';

export type End =
  | { readonly at: 'mailbox' | 'outside'; readonly address: string }
  /** Nobody of this box: Postfix would take the mail and then have to return it. */
  | { readonly at: 'nowhere'; readonly address: string }
  /** An alias that leads back to itself by way of others: Postfix gives up on the mail. */
  | { readonly at: 'loop'; readonly address: string; readonly by: readonly string[] };

/** Every end of an address; an alias of several destinations has several. */
export function endsOf(address: string, hostname: string, data: MailData): End[] {
  return walk(address, new Set(mailDomains(hostname, data)), data, []);
}

/** Aliases one of whose destinations ends nowhere or in a loop. */
export function brokenAliases(hostname: string, data: MailData): { alias: Alias; end: End }[] {
  return data.aliases.flatMap((alias) =>
    destinationsOf(alias)
      .filter((destination) => !destination.startsWith('@'))
      .flatMap((destination) => endsOf(destination, hostname, data))
      .filter((end) => end.at === 'nowhere' || end.at === 'loop')
      .map((end) => ({ alias, end })),
  );
}

/** The address without its tag: mail for `me+shop@` is for `me@`. */
export function withoutTag(address: string): string {
  return address.replace(/^([^+@]+)\+[^@]*@/, '$1@');
}

function walk(address: string, domains: ReadonlySet<string>, data: MailData, by: readonly string[]): End[] {
  if (!domains.has(domainOf(address))) return [{ at: 'outside', address }];
  if (by.includes(address)) return [{ at: 'loop', address, by: by.slice(by.indexOf(address)) }];
  const next = lookUp(address, data);
  if (next === undefined) return [{ at: 'nowhere', address }];
  return next.flatMap((to): End[] => {
    // An address that stands for itself is expanded no more.
    if (to === address || to === withoutTag(address)) {
      return [{ at: isAccount(to, data) ? 'mailbox' : 'nowhere', address: to }];
    }
    return walk(to, domains, data, [...by, address]);
  });
}

/** One step: the whole address, then without its tag, then its domain's catch-all. */
function lookUp(address: string, data: MailData): readonly string[] | undefined {
  for (const key of [address, withoutTag(address)]) {
    const own = data.aliases.find((alias) => alias.source === key && alias.destination !== '');
    if (own !== undefined) return destinationsOf(own);
    if (isAccount(key, data)) return [key];
    const made = data.autoAliases.find((alias) => alias.source === key);
    if (made !== undefined) return destinationsOf(made);
  }
  const domain = `@${domainOf(address)}`;
  const all = [...data.aliases, ...data.autoAliases].find(
    (alias) => alias.source === domain && alias.destination !== '',
  );
  const local = address.slice(0, address.lastIndexOf('@'));
  return all && destinationsOf(all).map((to) => (to.startsWith('@') ? local + to : to));
}

function isAccount(address: string, { users }: MailData): boolean {
  return users.some(({ email }) => email === address);
}
