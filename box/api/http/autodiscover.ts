/** The requests of mail programs, which anyone may make: answered here, from what is public, and without the keeper. */
import { autodiscover, autodiscoverRefusal, autodiscoverUrl } from '../../mail-clients/autodiscover.ts';
import type { Servers } from '../../mail-clients/servers.ts';
import { jsonResponse, type Response, textResponse } from './respond.ts';

/** Bytes of a body; nginx has the same limit. */
export const longestRequest = 16_384;

const place = /^\/autodiscover\/autodiscover\.(xml|json)(?:\/v1\.0\/[^/]*)?$/i;

/** Which of the two a path asks for; undefined: neither. */
export function autodiscoverKind(path: string): 'xml' | 'json' | undefined {
  return place.exec(path)?.[1]?.toLowerCase() as 'xml' | 'json' | undefined;
}

/** @param body what came, undefined where it is longer than it may be */
export async function answerXml(servers: Servers, body: string | undefined): Promise<Response> {
  // Reading XML takes a while to load, and most boxes are asked seldom.
  const { readAutodiscoverRequest } = await import('../../mail-clients/autodiscover-request.ts');
  const request = body === undefined ? undefined : readAutodiscoverRequest(body);
  if (request === undefined) return xmlResponse(400, autodiscoverRefusal());
  return xmlResponse(200, autodiscover(servers, request));
}

export function answerJson(servers: Servers, params: Readonly<Record<string, string>>): Response {
  const named = Object.entries(params).find(([name]) => name.toLowerCase() === 'protocol')?.[1] ?? '';
  const url = autodiscoverUrl(servers, named);
  if (url === undefined)
    return jsonResponse(400, {
      ErrorCode: 'InvalidProtocol',
      ErrorMessage: 'This server does not offer that protocol.',
    });
  const protocol = named.toLowerCase() === 'activesync' ? 'ActiveSync' : 'AutodiscoverV1';
  return jsonResponse(200, { Protocol: protocol, Url: url });
}

export const notByThisMethod = (allow: string) => textResponse(405, 'Not by this method.\n', { allow });

function xmlResponse(status: number, body: string): Response {
  return { status, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}
