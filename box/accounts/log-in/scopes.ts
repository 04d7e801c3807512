/**
 * What a token may: the closed list of scopes, and of the routes that each opens. Whatever is not said here, no token
 * may. Pure.
 */
import { plainName } from '../../../contract/idna.ts';
import { hostnamePattern } from '../../../contract/settings.ts';
import { Failure } from '../../machine/failure.ts';

export type Scope =
  /** TXT records of `_acme-challenge.DOMAIN` and of the names below it. */
  | { readonly kind: 'acme'; readonly name: string }
  /** A and AAAA records of one name. */
  | { readonly kind: 'address'; readonly name: string }
  /** What the box says of itself. */
  | { readonly kind: 'status' };

export const scopeHelp =
  '`acme:DOMAIN` (TXT records of _acme-challenge.DOMAIN and below), `address:NAME` (A and AAAA records of one name), `status` (read the status)';

/** @throws Failure for a text that is no scope */
export function scopeOf(text: string): Scope {
  const [kind = '', ...rest] = text.trim().toLowerCase().split(':');
  const name = plainName(rest.join(':'));
  if (kind === 'status' && rest.length === 0) return { kind };
  if ((kind === 'acme' || kind === 'address') && hostnamePattern.test(name)) return { kind, name };
  throw new Failure(`${text.slice(0, 100)} is no scope`, `there are: ${scopeHelp.replaceAll('`', '')}`);
}

export const scopeText = (scope: Scope) =>
  scope.kind === 'status' ? scope.kind : `${scope.kind}:${scope.name}`;

/** Whether one of the owner's own records may be read and changed. */
export function mayRecord(scopes: readonly Scope[], name: string, type: string): boolean {
  // No escapes, no wildcards: a name that could mean another one is none of a token's.
  if (!/^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/.test(name)) return false;
  return scopes.some((scope) => {
    if (scope.kind === 'acme') {
      const challenge = `_acme-challenge.${scope.name}`;
      return type === 'TXT' && (name === challenge || name.endsWith(`.${challenge}`));
    }
    return scope.kind === 'address' && name === scope.name && (type === 'A' || type === 'AAAA');
  });
}

/** Whether a zone is one that a token has names in. */
export function mayZone(scopes: readonly Scope[], zone: string): boolean {
  return scopes.some(
    (scope) => scope.kind !== 'status' && (scope.name === zone || scope.name.endsWith(`.${zone}`)),
  );
}

type Check = (scopes: readonly Scope[], params: Readonly<Record<string, string>>) => boolean;

const withKind =
  (...kinds: Scope['kind'][]): Check =>
  (scopes) =>
    scopes.some(({ kind }) => kinds.includes(kind));
const record: Check = (scopes, { qname = '', rtype = 'A' }) =>
  mayRecord(scopes, plainName(qname), rtype.toUpperCase());

/** These two lists show a token what is its own, and no more: see their routes. */
const lists = withKind('acme', 'address');
const reading = withKind('status');

const checks: Readonly<Record<string, Check>> = {
  'GET /dns/zones': lists,
  'GET /dns/custom': lists,
  ...Object.fromEntries(
    ['GET', 'POST', 'PUT', 'DELETE'].flatMap((method) => [
      [`${method} /dns/custom/{qname}`, record],
      [`${method} /dns/custom/{qname}/{rtype}`, record],
    ]),
  ),
  'GET /system/version': reading,
  'POST /system/status': reading,
  'GET /system/first-steps': reading,
  'GET /system/updates': reading,
  'GET /system/reboot': reading,
};

/** @param params as the route has checked them */
export function mayAsk(
  scopes: readonly Scope[],
  route: string,
  params: Readonly<Record<string, string>>,
): boolean {
  return Object.hasOwn(checks, route) && (checks[route]?.(scopes, params) ?? false);
}

/** The routes that some token may ask. */
export const askableByToken: readonly string[] = Object.keys(checks);
