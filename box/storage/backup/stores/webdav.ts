/** A WebDAV folder (RFC 4918), opened by a name and a password (RFC 7617), by TLS alone. */
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { Failure } from '../../../machine/failure.ts';
import { ask, textOf } from './ask.ts';
import { recordsIn } from './records.ts';
import { type DavFolder, NotLetIn, type Store } from './store.ts';

const whatIsThere =
  '<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>';

/** `ca`: PEM certificates of the authorities that count. */
export function webdavStore(target: DavFolder, ca: string): Store {
  const { host, port, path, login } = target;
  const folder = `/${path}/`;
  const authorization = `Basic ${Buffer.from(`${login.user}:${login.password}`).toString('base64')}`;
  const to = (method: string, place: string, headers: object = {}, content: Readable | string = '') =>
    ask(
      { host, port, ca },
      { method, path: encodeURI(place), headers: { authorization, ...headers }, content },
    );

  return {
    async list() {
      const headers = { depth: '1', 'content-type': 'application/xml', 'content-length': whatIsThere.length };
      const answer = await to('PROPFIND', folder, headers, whatIsThere);
      if (answer.statusCode === 404) return [];
      await refuse(answer, target);
      return recordsIn(await textOf(answer, host), 'response')
        .filter((fields) => !fields.has('collection'))
        .map((fields) => ({
          name: decodeURIComponent((fields.get('href') ?? '').split('/').at(-1) ?? ''),
          size: Number(fields.get('getcontentlength') ?? 0),
        }));
    },
    async makeFolder() {
      const parts = path.split('/');
      for (let deep = 1; deep <= parts.length; deep++) {
        const place = `/${parts.slice(0, deep).join('/')}/`;
        const answer = await to('MKCOL', place);
        // Above it are folders which are there, and which this login may only pass.
        if (deep < parts.length || answer.statusCode === 405) answer.resume();
        else await finish(answer, target);
      }
    },
    async put(name, bytes, content) {
      await finish(await to('PUT', folder + name, { 'content-length': bytes }, content), target);
    },
    async get(name) {
      const answer = await to('GET', folder + name);
      if (answer.statusCode === 404) {
        answer.resume();
        return undefined;
      }
      await refuse(answer, target);
      return { bytes: Number(answer.headers['content-length']), content: answer };
    },
    async remove(name) {
      const answer = await to('DELETE', folder + name);
      if (answer.statusCode === 404) answer.resume();
      else await finish(answer, target);
    },
  };
}

async function finish(answer: IncomingMessage, target: DavFolder): Promise<void> {
  await refuse(answer, target);
  await textOf(answer, target.host);
}

/** @throws Failure unless it went well */
async function refuse(answer: IncomingMessage, { host, path }: DavFolder): Promise<void> {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) return;
  answer.resume();
  if (status === 401 || status === 403)
    throw new NotLetIn(
      `${host} does not let this box in (status ${status})`,
      'name a user and a password in the control panel, at Backups; where the account has a second factor, a password for one program',
    );
  if (status === 404 || status === 409)
    throw new Failure(`${host} has no folder /${path}/`, 'make it there, or correct the target');
  if (status === 413 || status === 507)
    throw new Failure(
      `${host} has no room for more (status ${status})`,
      'make room there, then: box backup run',
    );
  throw new Failure(
    `${host} did not do what it was asked (status ${status})`,
    'is it the address of a WebDAV folder? The next run tries again; to try now: box backup run',
  );
}
