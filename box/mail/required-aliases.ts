/** The aliases that every mail domain must have (RFC 2142), as Mail-in-a-Box v75 makes them. Pure. */
import { domainToUnicode } from 'node:url';
import { domainOf } from './address.ts';
import { reportAddress, reportsEnd } from './report-address.ts';
import { spellingsOf } from './typed.ts';

export interface Alias {
  /** An address, or `@domain`: whatever has no account and no alias of its own there. */
  readonly source: string;
  /** Addresses with commas between them, or one `@domain`. Empty: it takes no mail and is for sending only. */
  readonly destination: string;
  /** Accounts that may use the source as envelope sender; null: those that it leads to. An alias of the box has none. */
  readonly permittedSenders?: string | null;
}
export interface User {
  readonly email: string;
  readonly privileges: string;
  readonly quota: string;
  readonly locked: boolean;
}
/** What users.sqlite says, but no hash. */
export interface MailData {
  readonly users: readonly User[];
  readonly aliases: readonly Alias[];
  readonly autoAliases: readonly Alias[];
}

export function isAdmin(user: User): boolean {
  return user.privileges.split('\n').includes('admin');
}

export function destinationsOf({ destination }: Alias): string[] {
  return destination.split(',').filter((address) => address !== '');
}

/**
 * administrator@HOST, where it is missing: it lives among the owner's aliases, since the owner may turn it
 * elsewhere. A box with a new name takes over where the old name's administrator led.
 */
export function administratorAlias(hostname: string, data: MailData): Alias | undefined {
  const source = `administrator@${hostname}`;
  if (data.users.some((u) => u.email === source) || data.aliases.some((a) => a.source === source))
    return undefined;
  const before = data.aliases.find((a) => a.source.startsWith('administrator@') && a.destination !== '');
  const destination = before?.destination ?? data.users.find(isAdmin)?.email;
  return destination === undefined ? undefined : { source, destination };
}

/** All of auto_aliases, sorted: hostmaster@HOST; postmaster@, admin@ and abuse@ of each domain; and where reports come to. */
export function autoAliases(hostname: string, data: MailData): Alias[] {
  const administrator = `administrator@${hostname}`;
  const onlyRequired = (source: string) => /^(postmaster|admin|abuse|)@/.test(source);
  const real = new Set([
    hostname,
    ...data.users.map((u) => domainOf(u.email)),
    ...data.aliases.filter((a) => !onlyRequired(a.source)).map((a) => domainOf(a.source)),
  ]);
  const required = [`hostmaster@${hostname}`];
  for (const domain of real) required.push(`postmaster@${domain}`, `admin@${domain}`, `abuse@${domain}`);
  const taken = new Set([...data.users.map((u) => u.email), ...data.aliases.map((a) => a.source)]);
  const wanted = required
    .filter((s) => !taken.has(s))
    .map((source) => ({ source, destination: administrator }));
  // Whoever has that address already has the reports too.
  if (!taken.has(reportAddress(hostname)))
    wanted.push({ source: reportAddress(hostname), destination: reportsEnd });
  // Mail to the domain as people write it reaches the form that the tables hold; log-ins find it by these too.
  for (const domain of mailDomains(hostname, data)) {
    for (const written of spellingsOf(domain))
      wanted.push({ source: `@${written}`, destination: `@${domain}` });
  }
  return wanted.sort(bySource);
}

/** One that only says how else a domain is typed: nothing for people to read. */
export function isOtherSpelling({ source, destination }: Alias): boolean {
  const spelled = domainToUnicode(destination.slice(1));
  return /^@.*\P{ASCII}/u.test(source) && destination.startsWith('@') && source !== `@${spelled}`;
}

export function bySource(a: Alias, b: Alias): number {
  return a.source < b.source ? -1 : 1;
}

/** Every domain that the box takes and signs mail for, sorted. */
export function mailDomains(hostname: string, data: MailData): string[] {
  const all = [
    hostname,
    ...data.users.map((u) => domainOf(u.email)),
    ...data.aliases.map((a) => domainOf(a.source)),
  ];
  return [...new Set(all)].sort();
}
