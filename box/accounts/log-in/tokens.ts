/**
 * Tokens: keys that may do one thing each, for programs. What is kept of one, on the storage root, can't be used to ask
 * for anything: the SHA-256 of its key, and a proof of the account that it was made for. That proof is made of what the
 * storage root holds, so that tokens outlive a new image; it changes with the password and with the second factor.
 */
import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { Failure } from '../../machine/failure.ts';
import type { Machine } from '../../machine/machine.ts';
import { paths } from '../../machine/paths.ts';
import { type LogIn, readLogIn } from '../../mail/log-in.ts';
import { isSame } from './api-key.ts';
import { type Scope, scopeOf } from './scopes.ts';

const tokenSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{8}$/),
  /** SHA-256 of the key. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  owner: z.string(),
  proof: z.string(),
  label: z.string(),
  scopes: z.array(z.string()).min(1),
  /** Milliseconds since 1970. */
  created: z.number(),
  expires: z.number().optional(),
});
export type Token = z.infer<typeof tokenSchema>;

export const isTokenKey = (text: string) => /^token-[0-9a-f]{64}$/.test(text);

export function newToken(
  owner: LogIn,
  { label, scopes, created, expires }: Pick<Token, 'label' | 'scopes' | 'created' | 'expires'>,
): { readonly key: string; readonly token: Token } {
  const key = `token-${randomBytes(32).toString('hex')}`;
  const id = randomBytes(4).toString('hex');
  const whose = { owner: owner.email, proof: proofOf(owner) };
  const ends = expires === undefined ? {} : { expires };
  return { key, token: { id, hash: sha256(key), ...whose, label, scopes, created, ...ends } };
}

/** Those of file that can be in force: a damaged file holds none, and says so. */
export async function readTokens(machine: Machine): Promise<readonly Token[]> {
  const text = await machine.read(paths.tokens);
  if (text === undefined) return [];
  try {
    return z.array(tokenSchema).parse(JSON.parse(text));
  } catch {
    throw new Failure(`${paths.tokens} is damaged`, `remove it, and make new tokens: box token add`);
  }
}

export async function writeTokens(machine: Machine, tokens: readonly Token[]): Promise<void> {
  await machine.putDirectory({ path: paths.panelState, mode: 0o700 });
  await machine.put({ path: paths.tokens, mode: 0o600, text: `${JSON.stringify(tokens, null, 1)}\n` });
}

/** Milliseconds that a clock may go back when it is set right, and nothing ends by it. */
const slack = 24 * 3600_000;

/** Whether a token still is what it was made for: in time, and its owner the same administrator. */
export function isInForce(token: Token, owner: LogIn | undefined, now: number): boolean {
  if (owner === undefined || !owner.privileges.includes('admin')) return false;
  if (token.expires !== undefined && token.expires <= now) return false;
  // It was made while the clock was ahead, and would outlive its days by years.
  if (token.expires !== undefined && token.created > now + slack) return false;
  return token.owner === owner.email && isSame(token.proof, proofOf(owner));
}

/** Who a key stands for, and what it may; undefined for a key that is none, or none any more. */
export async function findToken(
  machine: Machine,
  key: string,
  now: number,
): Promise<{ readonly login: LogIn; readonly token: Token; readonly scopes: readonly Scope[] } | undefined> {
  const hash = sha256(key);
  const token = (await readTokens(machine)).find((one) => isSame(one.hash, hash));
  if (token === undefined) return undefined;
  const login = await readLogIn(machine, token.owner);
  if (login === undefined || !isInForce(token, login, now)) return undefined;
  return { login, token, scopes: token.scopes.map(scopeOf) };
}

function proofOf({ email, stored, factors }: LogIn): string {
  return sha256(JSON.stringify(['TOKEN', email, stored, factors.map((f) => [f.id, f.type, f.secret])]));
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
