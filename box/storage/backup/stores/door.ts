/**
 * duplicity's way to a store: a WebDAV folder on loopback, open while one of its runs lasts, to whoever knows its password. Every
 * duplicity speaks that much WebDAV; none of them checks a certificate on each release, and none has a client for buckets within.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Failure } from '../../../machine/failure.ts';
import type { Store } from './store.ts';

export interface Door {
  /** As duplicity wants it, without the password. */
  readonly url: string;
  readonly password: string;
  /** Why the last thing that was asked did not go well. */
  readonly problem: () => Failure | undefined;
  readonly close: () => Promise<void>;
}

const user = 'box';
const folder = '/backups/';
/** As duplicity names its files. */
const namePattern = /^[A-Za-z0-9._-]+$/;

export async function openDoor(store: Store): Promise<Door> {
  // Python 2 breaks a longer one into lines.
  const password = randomBytes(16).toString('hex');
  const right = Buffer.from(`Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
  let problem: Failure | undefined;
  const server = createServer((asked, answer) => {
    // A 100 is sent before anybody has looked who asks: nothing is taken in until then.
    if (!isSame(Buffer.from(asked.headers.authorization ?? ''), right)) {
      asked.resume();
      answer.writeHead(401, { 'www-authenticate': 'Basic realm="box"', 'content-length': 0 }).end();
      return;
    }
    serve(store, asked, answer).then(
      () => {
        problem = undefined;
      },
      (error) => {
        problem =
          error instanceof Failure
            ? error
            : new Failure(`what went to the storage broke off: ${error}`, 'to try again: box backup run');
        asked.resume();
        if (answer.headersSent) answer.destroy();
        else answer.writeHead(502, { 'content-length': 0 }).end();
      },
    );
  });
  // A volume takes as long as the line to the store makes it take.
  server.requestTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `webdav://${user}@127.0.0.1:${port}${folder}`,
    password,
    problem: () => problem,
    // duplicity has ended, and its connections with it.
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

const isSame = (one: Buffer, other: Buffer) => one.length === other.length && timingSafeEqual(one, other);

async function serve(store: Store, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const path = decodeURIComponent(asked.url ?? '');
  const name = path.startsWith(folder) ? path.slice(folder.length) : undefined;
  const end = (status: number, text = '') =>
    void answer
      .writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) })
      .end(text);
  const isFile = name !== undefined && namePattern.test(name);
  switch (asked.method) {
    case 'PROPFIND': {
      asked.resume();
      const files = name === '' ? await store.list() : [];
      return end(207, listing(files.map((file) => file.name).filter((file) => namePattern.test(file))));
    }
    case 'PUT':
      if (!isFile) return end(403);
      await store.put(name, Number(asked.headers['content-length']), asked);
      return end(201);
    case 'GET': {
      const found = isFile ? await store.get(name) : undefined;
      if (found === undefined) return end(404);
      answer.writeHead(200, Number.isNaN(found.bytes) ? {} : { 'content-length': found.bytes });
      return pipeline(found.content, answer);
    }
    case 'DELETE':
      if (!isFile) return end(403);
      await store.remove(name);
      return end(204);
    default:
      asked.resume();
      return end(405);
  }
}

function listing(names: readonly string[]): string {
  const entries = ['', ...names].map(
    (name) =>
      `<D:response><D:href>${folder}${name}</D:href><D:propstat><D:status>HTTP/1.1 200 OK</D:status></D:propstat></D:response>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?><D:multistatus xmlns:D="DAV:">${entries.join('')}</D:multistatus>`;
}
