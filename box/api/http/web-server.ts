/** The web process: takes requests from nginx, finds their route, and asks the keeper. It holds no secret of its own. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { isIP } from 'node:net';
import type { Servers } from '../../mail-clients/servers.ts';
import { routes } from '../routes/index.ts';
import type { AskKeeper } from './ask-keeper.ts';
import { answerJson, answerXml, autodiscoverKind, longestRequest, notByThisMethod } from './autodiscover.ts';
import { credentialsOf, isForeign } from './credentials.ts';
import { findRoute } from './find-route.ts';
import { formFields } from './form.ts';
import { openApi } from './openapi.ts';
import { jsonResponse, type Response, responseTo, textResponse, unauthorised } from './respond.ts';

/** Bytes of a body; nginx has the same limit. */
const longestBody = 262_144;

/** @param servers what mail programs are told */
export function webServer(
  ask: AskKeeper,
  log: (line: string) => void,
  servers: () => Promise<Servers>,
): Server {
  const server = createServer({ maxHeaderSize: 16_384 }, (request, response) => {
    const began = Date.now();
    respond(ask, servers, request)
      .catch((error): Handled => {
        log(JSON.stringify({ fault: error instanceof Error ? error.message : String(error) }));
        return { route: '', response: textResponse(502, 'The box could not answer; try again.\n') };
      })
      .then(({ route, response: made }) => {
        send(request, response, made);
        const from = clientOf(request);
        log(JSON.stringify({ route, status: made.status, ms: Date.now() - began, from }));
      });
  });
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 256;
  return server;
}

interface Handled {
  /** For the log: the table's words, never the request's. */
  readonly route: string;
  readonly response: Response;
}

async function respond(
  ask: AskKeeper,
  servers: () => Promise<Servers>,
  request: IncomingMessage,
): Promise<Handled> {
  const { method = '', headers } = request;
  const [path = '', query = ''] = split(request.url ?? '');
  if (method === 'GET' || method === 'HEAD') {
    if (path === '/openapi.json')
      return { route: 'GET /openapi.json', response: jsonResponse(200, openApi()) };
  }
  const kind = autodiscoverKind(path);
  if (kind !== undefined)
    return { route: `autodiscover ${kind}`, response: await discover(servers, request, kind, query) };
  let params: Record<string, string>;
  let found: ReturnType<typeof findRoute>;
  try {
    found = findRoute(routes, method, path);
    if ('allowed' in found) {
      const { allowed } = found;
      if (allowed.length === 0) return { route: '', response: textResponse(404, 'There is no such page.\n') };
      const allow = { allow: allowed.join(', ') };
      return { route: '', response: textResponse(405, 'Not by this method.\n', allow) };
    }
    params = formFields(query);
  } catch {
    return { route: '', response: textResponse(400, 'The address is not well formed.\n') };
  }
  const { route } = found;
  const name = `${route.method} ${route.path}`;
  const end = (response: Response): Handled => ({ route: name, response });
  if (route.method !== 'GET') {
    if (isForeign(headers)) return end(textResponse(403, 'Another web site asked for this.\n'));
    const body = await bodyOf(request);
    if (body === undefined) return end(textResponse(413, 'That is too much.\n', { connection: 'close' }));
    try {
      // nginx sets this header, and takes it out of every other request.
      if (route.bodyParam !== undefined && route.upload === true)
        params[route.bodyParam] = String(request.headers['x-upload'] ?? '');
      else if (route.bodyParam !== undefined) params[route.bodyParam] = utf8(body);
      else if (body.length > 0) {
        const [kind = ''] = (headers['content-type'] ?? 'application/x-www-form-urlencoded').split(';');
        if (kind.trim().toLowerCase() !== 'application/x-www-form-urlencoded')
          return end(textResponse(415, 'Send a form: application/x-www-form-urlencoded.\n'));
        params = { ...params, ...formFields(utf8(body)) };
      }
    } catch {
      return end(textResponse(400, 'The form is not well formed.\n'));
    }
  }
  const credentials = credentialsOf(headers);
  if (credentials === 'unreadable') return end(unauthorised('Authorization header invalid.', headers));
  const question = {
    route: name,
    params: { ...params, ...found.pathParams },
    ...(credentials === undefined ? {} : { credentials }),
    from: clientOf(request),
  };
  return end(responseTo(await ask(question), headers));
}

async function discover(
  servers: () => Promise<Servers>,
  request: IncomingMessage,
  kind: 'xml' | 'json',
  query: string,
): Promise<Response> {
  if (kind === 'json') {
    if (request.method !== 'GET') return notByThisMethod('GET');
    try {
      return answerJson(await servers(), formFields(query));
    } catch (error) {
      if (error instanceof URIError || error instanceof RangeError)
        return textResponse(400, 'The address is not well formed.\n');
      throw error;
    }
  }
  if (request.method !== 'POST') return notByThisMethod('POST');
  const body = await bodyOf(request, longestRequest);
  if (body === undefined) return textResponse(413, 'That is too much.\n', { connection: 'close' });
  return answerXml(await servers(), text(body));
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, headers, body }: Response,
): void {
  response.writeHead(status, {
    'cache-control': 'no-store',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  response.end(method === 'HEAD' ? undefined : body);
}

/** As nginx saw it: this header is nginx's own, since nobody else may open our socket. */
function clientOf({ headers }: IncomingMessage): string {
  const address = headers['x-forwarded-for'];
  return typeof address === 'string' && isIP(address) !== 0 ? address : '127.0.0.1';
}

function split(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

/** Undefined when it is too long. */
async function bodyOf(request: IncomingMessage, longest = longestBody): Promise<Buffer | undefined> {
  const parts: Buffer[] = [];
  let length = 0;
  // Not destroyed when we have enough: Node.js before 18 would take the connection with it, and the answer.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    length += part.length;
    if (length > longest) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const utf8 = (bytes: Buffer) => decoder.decode(bytes);

/** Undefined when it is no UTF-8. A byte order mark may stand before it. */
function text(bytes: Buffer): string | undefined {
  try {
    return utf8(bytes).replace(/^\ufeff/, '');
  } catch {
    return undefined;
  }
}
