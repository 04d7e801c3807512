/** What may be done to tokens, for the command line and the control panel alike. */
import type { Token as ShownToken } from '../../contract/api.ts';
import { exclusively } from '../machine/exclusively.ts';
import { Failure } from '../machine/failure.ts';
import type { Machine } from '../machine/machine.ts';
import { existingLogIn, readLogIn } from '../mail/log-in.ts';
import { scopeOf, scopeText } from './log-in/scopes.ts';
import { isInForce, newToken, readTokens, type Token, writeTokens } from './log-in/tokens.ts';

/** Of one owner: more are a program that forgets what it made. */
const mostPerOwner = 50;
const day = 24 * 3600_000;

export interface TokenWish {
  readonly owner: string;
  readonly label: string;
  /** Commas or blanks between them. */
  readonly scopes: string;
  /** How long it lives; empty: until it is revoked. */
  readonly days: string;
}
/** Gives the key, which is shown this once. */
export async function createToken(
  machine: Machine,
  wish: TokenWish,
  now: number,
): Promise<{ readonly key: string; readonly token: ShownToken }> {
  const words = wish.scopes.split(/[\s,]+/).filter(Boolean);
  if (words.length === 0) throw new Failure('a token needs a scope', 'such as acme:example.com');
  if (words.length > 20) throw new Failure('a token has 20 scopes at most', 'make another token');
  const scopes = [...new Set(words.map((word) => scopeText(scopeOf(word))))];
  const label = wish.label.trim();
  if (label === '' || label.length > 100 || /\p{Cc}/u.test(label))
    throw new Failure('a token needs a label of 1 to 100 characters', 'say what it is for');
  const ends = wish.days === '' ? {} : { expires: now + daysOf(wish.days) * day };
  return exclusively(machine, async () => {
    const owner = await existingLogIn(machine, wish.owner);
    if (!owner.privileges.includes('admin'))
      throw new Failure(
        `${owner.email} is no administrator`,
        'a token can do nothing that its owner may not',
      );
    // What has ended goes as new ones come.
    const others = await inForce(machine, now);
    if (others.filter((one) => one.owner === owner.email).length >= mostPerOwner)
      throw new Failure(`${owner.email} has ${mostPerOwner} tokens`, 'first: box token remove ID');
    const { key, token } = newToken(owner, { label, scopes, created: now, ...ends });
    await writeTokens(machine, [...others, token]);
    return { key, token: shown(token) };
  });
}

/** Those in force. */
export async function listTokens(machine: Machine, now: number): Promise<readonly ShownToken[]> {
  return (await inForce(machine, now)).map(shown);
}

export function revokeToken(machine: Machine, id: string): Promise<void> {
  return exclusively(machine, async () => {
    const all = await readTokens(machine);
    const rest = all.filter((token) => token.id !== id);
    if (rest.length === all.length) throw new Failure(`there is no token ${id}`, 'see: box token list');
    await writeTokens(machine, rest);
  });
}

/** For an account that is gone or no administrator any more: its tokens don't come back with it. Under the lock. */
export async function endTokens(machine: Machine, owner: string): Promise<void> {
  const all = await readTokens(machine).catch((): readonly Token[] => []);
  const rest = all.filter((token) => token.owner !== owner);
  if (rest.length < all.length) await writeTokens(machine, rest);
}

async function inForce(machine: Machine, now: number): Promise<readonly Token[]> {
  const all = await readTokens(machine);
  const owners = [...new Set(all.map(({ owner }) => owner))];
  const logins = new Map(
    await Promise.all(owners.map(async (owner) => [owner, await readLogIn(machine, owner)] as const)),
  );
  return all.filter((token) => isInForce(token, logins.get(token.owner), now));
}

function shown({ hash: _, proof: __, created, expires, ...token }: Token): ShownToken {
  const date = (time: number) => new Date(time).toISOString();
  return { ...token, created: date(created), expires: expires === undefined ? null : date(expires) };
}

function daysOf(text: string): number {
  const days = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (days < 1 || days > 3650)
    throw new Failure(`${text} is no number of days`, 'give 1 to 3650, or nothing for no end');
  return days;
}
