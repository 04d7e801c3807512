/** What the web process answers with, in the words of HTTP and of Mail-in-a-Box's API. Pure. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Reply } from '../keeper/protocol.ts';
import { cookieOfSession } from './credentials.ts';

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const realm = 'Basic realm="Mail-in-a-Box Management Server"';

export function textResponse(status: number, body: string, more: Record<string, string> = {}): Response {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...more }, body };
}

export function jsonResponse(status: number, body: unknown, more: Record<string, string> = {}): Response {
  const headers = { 'content-type': 'application/json; charset=utf-8', ...more };
  return { status, headers, body: `${JSON.stringify(body, null, 2)}\n` };
}

export function responseTo(reply: Reply, headers: IncomingHttpHeaders): Response {
  if ('refused' in reply) return refusal(reply, headers);
  if (reply.type === 'text') return textResponse(200, reply.body);
  // A cookie for those who can keep one: a page of ours asks with this header, a program does not.
  const cookie = reply.session !== undefined && isPage(headers);
  return jsonResponse(200, reply.body, cookie ? { 'set-cookie': cookieOfSession(reply.session ?? '') } : {});
}

function refusal(
  { refused, reason, retryAfter }: Extract<Reply, { refused: string }>,
  headers: IncomingHttpHeaders,
): Response {
  switch (refused) {
    case 'bad-request':
      return textResponse(400, `${reason}\n`);
    case 'fault':
      return textResponse(500, `${reason}\n`);
    case 'busy':
      return textResponse(429, `${reason}\n`, { 'retry-after': String(retryAfter ?? 10) });
    default:
      return unauthorised(reason, headers);
  }
}

/** 401 with a prompt; for a page 403 without one, since a browser would show its own window. */
export function unauthorised(reason: string, headers: IncomingHttpHeaders): Response {
  const page = isPage(headers);
  const status = page ? 403 : 401;
  const more: Record<string, string> = page ? {} : { 'www-authenticate': realm, 'x-reason': ascii(reason) };
  const accept = headers.accept ?? '';
  return accept === '' || accept === '*/*'
    ? textResponse(status, `${reason}\n`, more)
    : jsonResponse(status, { status: 'error', reason }, more);
}

const isPage = (headers: IncomingHttpHeaders) => headers['x-requested-with'] === 'XMLHttpRequest';
const ascii = (text: string) => text.replace(/[^\x20-\x7e]/g, '?');
