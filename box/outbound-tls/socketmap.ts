/** The requests and replies of socketmap_table(5). */

/** What a look-up comes to. `TEMP` makes Postfix try again later; `NOTFOUND` leaves it to its own settings. */
export type Reply =
  | { readonly status: 'OK'; readonly value: string }
  | { readonly status: 'NOTFOUND' }
  | { readonly status: 'TEMP' | 'PERM'; readonly reason: string };

/** The table that Postfix asks for: `socketmap:inet:127.0.0.1:8461:outbound-tls`. */
export const tableName = 'outbound-tls';

/** The key of a request for our table. */
export function keyOf(request: string): string | undefined {
  const space = request.indexOf(' ');
  return space !== -1 && request.slice(0, space) === tableName ? request.slice(space + 1) : undefined;
}

export function replyText(reply: Reply): string {
  if (reply.status === 'OK') return `OK ${reply.value}`;
  // With the blank: Postfix wants one after every status.
  if (reply.status === 'NOTFOUND') return 'NOTFOUND ';
  return `${reply.status} ${reply.reason}`;
}

/**
 * The mail domain that a key means, in lower case. Postfix also asks for `[host]:port` of an explicit next hop and,
 * when a name has no policy, for `.parent`: neither is a domain with a policy of its own.
 */
export function domainOf(key: string): string | undefined {
  const name = key.toLowerCase().replace(/\.$/, '');
  const label = '[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?';
  // A last label without letters would be an address.
  const isDomain = name.length <= 253 && new RegExp(`^(?:${label}\\.)*(?=[^.]*[a-z])${label}$`).test(name);
  return isDomain ? name : undefined;
}
