/** What a request brings to show who asks: HTTP Basic, a token as Bearer, or the cookie of a session. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Question } from '../keeper/protocol.ts';

export const cookieName = '__Secure-box-session';

/** Undefined: nothing was brought. */
export function credentialsOf(headers: IncomingHttpHeaders): Question['credentials'] | 'unreadable' {
  const { authorization } = headers;
  const code = headers['x-auth-token'];
  const withCode = typeof code === 'string' && code !== '' ? { code: code.slice(0, 100) } : {};
  if (authorization === undefined) {
    const key = cookieOf(headers.cookie ?? '');
    return key === undefined ? undefined : { user: '', secret: key };
  }
  const token = /^[Bb]earer +(token-[0-9a-f]{64}) *$/.exec(authorization)?.[1];
  if (token !== undefined) return { user: '', secret: token };
  const basic = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)?.[1];
  if (basic === undefined) return 'unreadable';
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const [user, secret] = [text.slice(0, Math.max(colon, 0)), text.slice(colon + 1)];
  if (user === '' || secret === '' || user.length > 1000 || secret.length > 1000) return 'unreadable';
  return { user, secret, ...withCode };
}

/** The browser keeps it from scripts, from http, from other sites and from the rest of this one. */
export function cookieOfSession(key: string): string {
  const age = key === '' ? '; Max-Age=0' : '';
  return `${cookieName}=${key}; Path=/admin; Secure; HttpOnly; SameSite=Strict${age}`;
}

function cookieOf(header: string): string | undefined {
  const pair = header.split(/; */).find((one) => one.startsWith(`${cookieName}=`));
  const key = pair?.slice(cookieName.length + 1);
  return key === undefined || !/^session-[0-9a-f]{64}$/.test(key) ? undefined : key;
}

/** Whether another web site makes the browser ask this: its person didn't mean it. Programs send none of these. */
export function isForeign({ origin, host, 'sec-fetch-site': site }: IncomingHttpHeaders): boolean {
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  return origin !== undefined && origin !== `https://${host}`;
}
