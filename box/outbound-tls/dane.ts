/** What DANE says of a mail domain (RFC 7672): whether its servers have TLSA records that can be relied on. */
import { type Answer, type Ask, LookupFailed, type Tlsa } from './question.ts';

/**
 * `dane-only`: every server has usable TLSA records, so none may be spoken to without them.
 * `dane`: some have, and Postfix decides for each. `none`: DANE says nothing.
 */
export type Dane = 'dane-only' | 'dane' | 'none';

/** More servers than anybody has; what lies beyond is left to Postfix. */
const mostServers = 32;

/** @throws LookupFailed where the domain's servers, or all their addresses, can't be looked up */
export async function daneOf(domain: string, ask: Ask): Promise<Dane> {
  const mx = await ask(domain, 'MX');
  // Whoever can forge the server's name can give it any TLSA record (RFC 7672, section 2.2.1).
  if (!mx.secure || mx.noName) return 'none';
  const servers = serversOf(domain, mx);
  const found = await Promise.all(servers.slice(0, mostServers).map((server) => tlsaAt(server, ask)));
  const unreachable = found.find((it): it is LookupFailed => it instanceof LookupFailed);
  if (unreachable !== undefined && found.every((it) => it === unreachable || it instanceof LookupFailed))
    throw unreachable;
  if (servers.length <= mostServers && found.length > 0 && found.every((it) => it === 'usable'))
    return 'dane-only';
  return found.some((it) => it === 'usable' || it === 'unknown') ? 'dane' : 'none';
}

/** RFC 5321, section 5.1: without MX records the domain is its own server. RFC 7505: "." takes no mail. */
function serversOf(domain: string, { mx }: Answer): string[] {
  if (mx.length === 0) return [domain];
  const names = [...mx].sort((a, b) => a.preference - b.preference).map(({ exchange }) => exchange);
  return [...new Set(names)].filter((name) => name !== '');
}

/**
 * `unknown`: there may be TLSA records, but asking for them failed; Postfix does not use such a server.
 * A LookupFailed: not even its address can be found.
 */
async function tlsaAt(server: string, ask: Ask): Promise<'usable' | 'none' | 'unknown' | LookupFailed> {
  let address: Answer;
  try {
    address = await ask(server, 'A');
    if (!address.hasAddress && !address.noName) address = await ask(server, 'AAAA');
  } catch (error) {
    if (error instanceof LookupFailed) return error;
    throw error;
  }
  // Name servers that break on TLSA are mostly those of unsigned zones, which are not asked.
  if (!address.secure || !address.hasAddress) return 'none';
  // Section 2.2.2: under the name that an alias leads to, else under the alias itself.
  for (const base of new Set([address.canonical, server])) {
    try {
      const { secure, tlsa } = await ask(`_25._tcp.${base}`, 'TLSA');
      if (secure && tlsa.some(isUsable)) return 'usable';
    } catch (error) {
      if (error instanceof LookupFailed) return 'unknown';
      throw error;
    }
  }
  return 'none';
}

/** Section 3.1: usages 2 and 3 only, with a selector and a digest that every Postfix knows. */
export function isUsable({ usage, selector, matchingType, certificate }: Tlsa): boolean {
  const length = [undefined, 32, 64][matchingType];
  return (
    (usage === 2 || usage === 3) &&
    (selector === 0 || selector === 1) &&
    matchingType <= 2 &&
    (length === undefined ? certificate.length > 0 : certificate.length === length)
  );
}
