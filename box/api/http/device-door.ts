/**
 * Which door of the groupware's a log-in came to. SOGo looks at one hash for each name, and its page takes names and passwords
 * as its doors for programs do. So nginx asks here at those doors, and goes on with a name that says by which of the account's
 * passwords: nobody can type it, since it is made with a key of this box and this boot. The database makes the same names.
 */
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';

/** As box/accounts/app-passwords.ts makes them: its beginning says which it is. */
const appPassword = /^([a-km-np-z2-9]{5}-)(?:[a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/;

/** The same as in groupware.sql. */
export const doorMark = (key: string, which: string) =>
  createHash('sha256').update(`${key}/${which}`).digest('hex').slice(0, 32);

/** What nginx passes on in the place of the header that came; undefined: nothing that SOGo would read came. Pure. */
export function atDeviceDoor(key: string, authorization: string | undefined): string | undefined {
  const basic = /^basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) return undefined;
  // Bytes as they are: what is no UTF-8 is no password either, and stays what it was.
  const text = Buffer.from(basic, 'base64').toString('latin1');
  const colon = text.indexOf(':');
  if (colon < 1) return undefined;
  const password = text.slice(colon + 1);
  const name = text.slice(0, colon).replace(/^(?:[ \t\r\n]|\xc2\xa0)+|(?:[ \t\r\n]|\xc2\xa0)+$/g, '');
  const mark = doorMark(key, appPassword.exec(password)?.[1] ?? 'password');
  return `Basic ${Buffer.from(`${name}.${mark}:${password}`, 'latin1').toString('base64')}`;
}

/** Answers nginx alone, at a socket of its own: from outside nobody gets to see such a name. */
export function deviceDoor(key: string): Server {
  const server = createServer({ maxHeaderSize: 32_768 }, ({ headers }, response) => {
    const made = atDeviceDoor(key, headers.authorization);
    response.writeHead(204, made === undefined ? {} : { 'x-authorization': made }).end();
  });
  server.headersTimeout = 10_000;
  server.keepAliveTimeout = 5_000;
  server.maxConnections = 256;
  return server;
}
