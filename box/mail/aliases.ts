/** What may be an alias, by the rules of Mail-in-a-Box v75. Pure. */
import { hostnamePattern } from '../../contract/settings.ts';
import { Failure } from '../machine/failure.ts';
import { domainOf, isReserved } from './address.ts';
import { type Alias, isAdmin, type MailData, mailDomains } from './required-aliases.ts';
import { brokenAliases, withoutTag } from './routing.ts';
import { plainAddress } from './typed.ts';

/** An alias as a person types it: lists have commas. */
export interface AliasWish {
  readonly source: string;
  readonly destination: string;
  readonly permittedSenders?: string | undefined;
}

/**
 * RFC 5321's Dot-string, 64 octets at most, without what Postfix reads as a route (`!`, `%`) or as an option (a
 * leading `-`). Accounts are narrower.
 */
const localPart = /^(?!.{65})(?!-)[A-Za-z0-9#$&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9#$&'*+/=?^_`{|}~-]+)*$/;

/** The alias as the database holds it. @throws Failure for one that would do harm or lead nowhere. */
export function aliasOf(wish: AliasWish, hostname: string, data: MailData): Alias {
  const source = addressIn(wish.source, 'an alias').toLowerCase();
  const own = new Set([...mailDomains(hostname, data), domainOf(source)]);
  const destinations = listIn(wish.destination, (text) => {
    const address = addressIn(text, 'a destination');
    // Another host may tell upper case from lower; this one doesn't, and Postfix asks in lower case.
    return own.has(domainOf(address)) ? address.toLowerCase() : address;
  });
  const permittedSenders = listIn(wish.permittedSenders ?? '', (text) =>
    addressIn(text, 'an account').toLowerCase(),
  );
  if (destinations.length === 0 && permittedSenders.length === 0) {
    throw new Failure(`${source} has no destination`, 'name an address that its mail goes to');
  }
  refuseHalfDomain(source, destinations);
  refuseHijack(source, destinations, data);
  for (const sender of permittedSenders) {
    if (data.users.some(({ email }) => email === sender)) continue;
    throw new Failure(`${sender} may not be a permitted sender: it is no account`, 'see: box account list');
  }
  const alias = {
    source,
    destination: destinations.join(','),
    permittedSenders: permittedSenders.length === 0 ? null : permittedSenders.join(','),
  };
  refuseNewlyBroken(hostname, data, withAlias(data, alias));
  return alias;
}

/** The source or destination that a person means by this text, its domain in ASCII. */
export function addressIn(text: string, what: string): string {
  const address = plainAddress(text) ?? '';
  const at = address.lastIndexOf('@');
  const domain = address.slice(at + 1);
  if (at < 0 || !hostnamePattern.test(domain)) {
    throw new Failure(
      `${text === '' ? 'nothing' : text} can't be ${what}: it is no mail address`,
      'give one such as sales@example.com, or @example.com for a whole domain',
    );
  }
  const local = address.slice(0, at);
  if (local !== '' && !localPart.test(local)) {
    throw new Failure(
      `${text} can't be ${what}: its name must be 1 to 64 letters, digits and #$&'*+/=?^_\`{|}~-, with single dots between`,
      'choose another name',
    );
  }
  return address;
}

/** @throws Failure where a change makes an alias lead nowhere or in a circle that led somewhere before. */
export function refuseNewlyBroken(hostname: string, before: MailData, after: MailData): void {
  const known = new Set(brokenAliases(hostname, before).map(({ alias, end }) => alias.source + end.address));
  const broken = brokenAliases(hostname, after).find(
    ({ alias, end }) => !known.has(alias.source + end.address),
  );
  if (broken === undefined) return;
  const { alias, end } = broken;
  if (end.at === 'loop') {
    throw new Failure(
      `${alias.source} would lead in a circle: ${end.by.join(' -> ')} -> ${end.address}`,
      'nothing was changed; lead one of them to an account',
    );
  }
  throw new Failure(
    `the alias ${alias.source} would lead to ${end.address}, which is nobody on this box`,
    `nothing was changed; add that account or alias first, or lead ${alias.source} elsewhere`,
  );
}

export function withAlias(data: MailData, alias: Alias): MailData {
  return { ...data, aliases: [...data.aliases.filter(({ source }) => source !== alias.source), alias] };
}

/** `@a` to `@b` keeps each name: it makes sense alone, and between two domains only. */
function refuseHalfDomain(source: string, destinations: readonly string[]): void {
  const whole = destinations.find((destination) => destination.startsWith('@'));
  if (whole === undefined) return;
  if (!source.startsWith('@') || destinations.length > 1) {
    throw new Failure(
      `${whole} stands for a whole domain`,
      `give an address at ${whole.slice(1)}, or lead a whole domain (@example.com) there and nowhere else`,
    );
  }
  if (source === whole) throw new Failure(`${source} would lead to itself`, 'name another domain');
}

/** Who gets mail for these names can have certificates issued for the domain. */
function refuseHijack(source: string, destinations: readonly string[], { users }: MailData): void {
  if (!isReserved(source)) return;
  const stranger = destinations.find(
    (to) => !isReserved(to) && !users.some((user) => isAdmin(user) && user.email === withoutTag(to)),
  );
  if (stranger === undefined) return;
  throw new Failure(
    `${source} could be used to take over the domain, and ${stranger} is no administrator of this box`,
    'lead it to an administrator: box account list shows who is',
  );
}

/** Each part once, as `read` has it. */
function listIn(text: string, read: (part: string) => string): string[] {
  const parts = text.split(/[,\n]/).map((part) => part.trim());
  return [...new Set(parts.filter((part) => part !== '').map(read))];
}
