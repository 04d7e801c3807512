/** Stores that backups go to, on servers that are not ours: a bucket of Swift, which checks each signature, and a folder of Apache. */
import { type ChildProcess, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import test from 'ava';
import { Failure } from '../../box/machine/failure.ts';
import { s3Store } from '../../box/storage/backup/stores/s3.ts';
import type { Bucket, DavFolder, Store } from '../../box/storage/backup/stores/store.ts';
import { webdavStore } from '../../box/storage/backup/stores/webdav.ts';
import { artefacts } from '../rig/artefacts.ts';
import { ended } from '../rig/program.ts';
import {
  davLogin,
  davServerArgv,
  makeBucket,
  s3Login,
  s3ServerArgv,
  startStore,
  wrongPassword,
} from '../rig/stores.ts';

const put = (store: Store, name: string, content: string) =>
  store.put(name, Buffer.byteLength(content), Readable.from([Buffer.from(content)]));
const read = async (store: Store, name: string) => {
  const found = await store.get(name);
  return found && (await text(found.content));
};
const namesIn = async (store: Store) => (await store.list()).map(({ name }) => name).sort();

/** The first of four ports that nobody has. */
async function freePorts(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return Math.min(port, 65_530);
}

const kept = artefacts(test, 'thorough-stores');
/** Apache’s user must come there; Swift’s files need a disk with extended attributes, which a /tmp in memory may lack. */
const folder = mkdtempSync(path.join(tmpdir(), 'letterbox-stores-'));
chmodSync(folder, 0o755);
const pair = { key: path.join(folder, 'key.pem'), certificate: path.join(folder, 'certificate.pem') };
const servers: ChildProcess[] = [];
test.after.always('the stores are ended', async () => {
  for (const server of servers) {
    server.kill('SIGTERM');
    await ended(server);
  }
  rmSync(folder, { recursive: true, force: true });
});

const ready = (async () => {
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  const place = ['-keyout', pair.key, '-out', pair.certificate];
  const name = ['-subj', '/CN=store', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', '-x509', ...ec, ...place, ...name], { stdio: 'ignore' });
  const ca = readFileSync(pair.certificate, 'utf8');
  const at = async (place: string) => ({
    ...{ folder: place, address: '127.0.0.1', port: await freePorts(), pair },
  });
  const swift = await at(path.join(kept.folder, 'swift'));
  const apache = await at(path.join(folder, 'apache'));
  servers.push(
    await startStore(swift, s3ServerArgv(swift)),
    await startStore(apache, await davServerArgv(apache)),
  );
  const bucket: Bucket = {
    ...{ kind: 's3', region: 'us-east-1', host: '127.0.0.1', port: swift.port },
    ...{ bucket: 'box', path: 'a/b', login: s3Login },
  };
  const dav: DavFolder = {
    kind: 'webdav',
    host: '127.0.0.1',
    port: apache.port,
    path: 'a/b',
    login: davLogin,
  };
  await makeBucket(swift, '127.0.0.1', 'box');
  return { bucket, dav, ca };
})();

for (const kind of ['bucket', 'dav'] as const)
  test(`${kind}: what is put there is listed with its size, read and removed; another folder is not seen`, async (t) => {
    const { [kind]: target, ca } = await ready;
    const storeAt = (at: string) =>
      target.kind === 's3' ? s3Store({ ...target, path: at }, ca) : webdavStore({ ...target, path: at }, ca);
    const [store, elsewhere] = [storeAt('one/two'), storeAt('one')];
    t.deepEqual(await store.list(), [], 'a folder that is not there yet');
    await store.makeFolder();
    await store.makeFolder();
    const volume = 'duplicity-full.20261120T010000Z.vol1.difftar.gpg';
    await put(store, volume, 'grüße');
    await put(store, 'empty', '');
    await put(elsewhere, 'other', 'x');
    t.deepEqual(
      [...(await store.list())].sort((one, two) => (one.name < two.name ? -1 : 1)),
      [
        { name: volume, size: 7 },
        { name: 'empty', size: 0 },
      ],
    );
    t.deepEqual(await namesIn(elsewhere), ['other']);
    t.is(await read(store, volume), 'grüße');
    t.is(await read(store, 'empty'), '');
    t.is(await read(store, 'missing'), undefined);
    await put(store, 'empty', 'no more');
    t.is(await read(store, 'empty'), 'no more');
    const large = 'x'.repeat(3_000_000);
    await put(store, 'large', large);
    t.is(await read(store, 'large'), large);
    for (const name of ['empty', 'large', 'large']) await store.remove(name);
    t.deepEqual(await namesIn(store), [volume]);
  });

test('a bucket of more files than one answer names is listed whole', async (t) => {
  const { bucket, ca } = await ready;
  const store = s3Store({ ...bucket, path: 'many' }, ca, 3);
  const names = Array.from({ length: 8 }, (_, index) => `file-${index}`);
  for (const name of names) await put(store, name, '');
  t.deepEqual(await namesIn(store), names);
});

test('what a store refuses is said with its remedy', async (t) => {
  const { bucket, dav, ca } = await ready;
  const refused = (store: Store, message: RegExp) =>
    t.throwsAsync(store.list(), { instanceOf: Failure, message }, String(message));
  const s3 = (changed: Partial<Bucket>, authorities = ca) => s3Store({ ...bucket, ...changed }, authorities);
  const folderOf = (changed: Partial<DavFolder>, authorities = ca) =>
    webdavStore({ ...dav, ...changed }, authorities);
  await refused(
    s3({ login: { ...s3Login, password: wrongPassword } }),
    /does not let this box in \(SignatureDoesNotMatch\)/,
  );
  await refused(s3({ login: { ...s3Login, user: 'no:body' } }), /does not let this box in \(\w+\)/);
  await refused(s3({ bucket: 'other' }), /127\.0\.0\.1 has no bucket other/);
  await refused(
    folderOf({ login: { ...davLogin, password: wrongPassword } }),
    /does not let this box in \(status 401\)/,
  );
  // What the other kind of server makes of it is no list, and no fault of the box's.
  await refused(s3({ port: dav.port }), /does not let this box in|did not do what it was asked/);
  await refused(folderOf({ port: bucket.port }), /does not let this box in|did not do what it was asked/);
  for (const wrong of [s3, folderOf] as const) {
    await refused(wrong({}, ''), /does not prove who it is/);
    await refused(wrong({ host: 'localhost' }), /does not prove who it is/);
    await refused(wrong({ port: 1 }), /can’t be reached: .*ECONNREFUSED/);
  }
  const none = s3({ bucket: 'other' });
  await t.throwsAsync(put(none, 'x', 'y'), { message: /has no bucket other/ });
  await t.throwsAsync(read(none, 'x'), { message: /has no bucket other/ });
  await t.throwsAsync(put(folderOf({ path: 'not/there' }), 'x', 'y'), {
    message: /has no folder \/not\/there\//,
  });
});
