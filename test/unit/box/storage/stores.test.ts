/** Stores: how their lists are read, and the door by which duplicity comes to one. test/thorough/stores.test.ts has the stores themselves. */
import { request } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import test from 'ava';
import { Failure } from '../../../../box/machine/failure.ts';
import { openDoor } from '../../../../box/storage/backup/stores/door.ts';
import { recordsIn } from '../../../../box/storage/backup/stores/records.ts';
import type { Store } from '../../../../box/storage/backup/stores/store.ts';

test('a list that is no list, or has entities of its own, is refused', (t) => {
  for (const xml of ['', '<a>', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', `${'<a>'.repeat(40)}`])
    t.throws(() => recordsIn(xml, 'a'), { instanceOf: Failure, message: /is no list/ }, xml);
  const xml = '<m xmlns:D="DAV:"><D:r><D:href>/a</D:href><D:x/></D:r><r>t<href>/b&amp;c</href></r></m>';
  t.deepEqual(
    recordsIn(xml, 'r').map((fields) => Object.fromEntries(fields)),
    [{ href: '/a', x: '' }, { href: '/b&c' }],
  );
});

/** Files in memory; `trouble` is what it does not do. */
function memoryStore(): Store & { files: Map<string, string>; trouble: Failure | undefined } {
  const files = new Map<string, string>();
  const look = () => {
    if (store.trouble !== undefined) throw store.trouble;
  };
  const store: ReturnType<typeof memoryStore> = {
    files,
    trouble: undefined,
    async list() {
      look();
      return [...files].map(([name, content]) => ({ name, size: content.length }));
    },
    async makeFolder() {},
    async put(name, _bytes, content) {
      look();
      files.set(name, await text(content));
    },
    async get(name) {
      look();
      const found = files.get(name);
      return found === undefined ? undefined : { bytes: found.length, content: Readable.from([found]) };
    },
    async remove(name) {
      look();
      files.delete(name);
    },
  };
  return store;
}

test('duplicity’s door: WebDAV on loopback, to whoever knows its password; what the store did not do is told', async (t) => {
  const store = memoryStore();
  const door = await openDoor(store);
  const place = new URL(door.url.replace('webdav:', 'http:'));
  const right = `Basic ${Buffer.from(`${place.username}:${door.password}`).toString('base64')}`;
  place.username = '';
  const ask = (method: string, name: string, body = '', authorization = right) => {
    const headers = { authorization, 'content-length': body.length };
    return new Promise<{ status: number | undefined; body: string }>((resolve, reject) =>
      request(new URL(name, place), { method, headers }, async (answer) =>
        resolve({ status: answer.statusCode, body: await text(answer) }),
      )
        .on('error', reject)
        .end(body),
    );
  };
  t.is(place.hostname, '127.0.0.1');
  // Python 2 would break the header of a longer one into lines.
  t.true(right.length <= 'Basic '.length + 76);

  t.is((await ask('PUT', 'a.gpg', 'text')).status, 201);
  const listed = await ask('PROPFIND', '');
  t.is(listed.status, 207);
  t.deepEqual(
    recordsIn(listed.body, 'response').map((fields) => fields.get('href')),
    ['/backups/', '/backups/a.gpg'],
  );
  t.is((await ask('GET', 'a.gpg')).body, 'text');
  t.is((await ask('GET', 'b.gpg')).status, 404);
  t.is((await ask('DELETE', 'a.gpg')).status, 204);
  t.is(store.files.size, 0);

  for (const wrong of ['', 'Basic', `${right}x`, right.replace('Basic', 'Bearer')]) {
    t.is((await ask('PUT', 'a.gpg', 'text', wrong)).status, 401);
    t.is((await ask('GET', 'a.gpg', '', wrong)).status, 401);
  }
  for (const name of ['a%2fb', 'a/b', '%2e%2e%2fx', 'a%20b'])
    t.is((await ask('PUT', name, 'x')).status, 403, name);
  t.is((await ask('MOVE', 'a.gpg')).status, 405);
  t.is(store.files.size, 0);

  t.is(door.problem(), undefined);
  store.trouble = new Failure('the store has no room', 'make some');
  t.is((await ask('PUT', 'a.gpg', 'text')).status, 502);
  t.is(door.problem(), store.trouble);
  store.trouble = undefined;
  t.is((await ask('PUT', 'a.gpg', 'text')).status, 201);
  t.is(door.problem(), undefined, 'it went well at the second try');
  await door.close();
  await t.throwsAsync(ask('GET', 'a.gpg'));
});

test('an upload that breaks off is no file that looks whole', async (t) => {
  let isWhole = false;
  const store: Store = {
    ...memoryStore(),
    put: async (_name, _bytes, content) => {
      await text(content);
      isWhole = true;
    },
  };
  const door = await openDoor(store);
  const { port, pathname } = new URL(door.url.replace('webdav:', 'http:'));
  const authorization = `authorization: Basic ${Buffer.from(`box:${door.password}`).toString('base64')}`;
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`PUT ${pathname}a HTTP/1.1\r\nhost: x\r\n${authorization}\r\ncontent-length: 10\r\n\r\nhalf`);
  await setTimeout(100);
  socket.destroy();
  await door.close();
  t.false(isWhole);
});
