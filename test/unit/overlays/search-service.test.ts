/** The index's service, spoken to as Dovecot 2.2.9 does: over its own port, in pieces, with questions between quotes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { modulesOf } from './search/modules.ts';

const guid = 'a'.repeat(32);
const user = 'me@example.com';

interface Service {
  readonly port: number;
  readonly folder: string;
  readonly child: ChildProcess;
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

const canConnect = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

async function start(
  t: ExecutionContext,
  folder = mkdtempSync(path.join(tmpdir(), 'letterbox-index-')),
): Promise<Service> {
  const port = await freePort();
  const program = path.join(modulesOf('ubuntu-14.04'), 'service.py');
  const child = spawn('/usr/bin/python3', ['-I', '-S', '-B', program, folder, String(port)], {
    stdio: 'ignore',
  });
  t.teardown(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });
  for (let i = 0; i < 100 && !(await canConnect(port)); i++)
    await new Promise((next) => setTimeout(next, 50));
  return { port, folder, child };
}

interface Said {
  readonly status: number;
  readonly length: string | undefined;
  readonly body: string;
  /** Whether it was told to go on before it had sent anything. */
  readonly isToldToGoOn: boolean;
}

/** One request; a body goes in pieces, and not before the service says so. */
const ask = ({ port }: Service, target: string, pieces?: readonly string[]) =>
  new Promise<Said>((resolve, reject) => {
    const headers = { 'Content-Type': 'text/xml', ...(pieces ? { Expect: '100-continue' } : {}) };
    const asked = request({
      port,
      host: '127.0.0.1',
      path: target,
      method: pieces ? 'POST' : 'GET',
      headers,
    });
    let isToldToGoOn = false;
    asked.on('continue', () => {
      isToldToGoOn = true;
      for (const piece of pieces ?? []) asked.write(piece);
      asked.end();
    });
    asked.on('error', reject).on('response', (response) => {
      const { statusCode: status = 0, headers: answered } = response;
      let body = '';
      response.setEncoding('utf8').on('data', (text) => {
        body += text;
      });
      response.on('end', () => resolve({ status, length: answered['content-length'], body, isToldToGoOn }));
    });
    if (pieces === undefined) asked.end();
    else asked.flushHeaders();
  });

const doc = (uid: number, body: string) =>
  `<doc><field name="uid">${uid}</field><field name="box">${guid}</field><field name="user">${user}</field>` +
  `<field name="id">${uid}/${guid}/${user}</field><field name="body">${body}</field>` +
  '<field name="from">Anna &amp;lt;anna@example.org&amp;gt;</field></doc>';

const scope = `fq=%2Bbox:${guid}+%2Buser:%22me%40example.com%22`;
const select = (question: string) =>
  `/select?fl=uid,score&rows=9&sort=uid+asc&q=${encodeURIComponent(question)}&${scope}`;
const uids = ({ body }: Said) => [...body.matchAll(/<long name="uid">(\d+)</g)].map(([, uid]) => Number(uid));

const fill = async (service: Service, ...docs: string[]) => {
  const said = await ask(service, '/update', ['<add>', ...docs, '</add>']);
  await ask(service, '/update', ['<commit softCommit="true" waitSearcher="true"/>']);
  await ask(service, `/filled?account=${encodeURIComponent(user)}`, ['']);
  return said;
};

test('what is posted in pieces is found by Dovecot 2.2.9’s questions, and no answer is without its length', async (t) => {
  const service = await start(t);
  const posted = await fill(service, doc(1, 'red wine; &amp; bread'), doc(2, 'redwood'));
  t.like(posted, { status: 200, isToldToGoOn: true });
  const found: Record<string, number[]> = {
    'body:"red"': [1, 2],
    'body:"wine; & b"': [1],
    '(hdr:"wood" OR body:"wood")': [2],
    'from:"<anna@" AND -body:"wood"': [1],
    'body:"nothing"': [],
  };
  for (const [question, expected] of Object.entries(found)) {
    const said = await ask(service, select(question));
    t.is(said.length, String(Buffer.byteLength(said.body)));
    t.deepEqual(uids(said), expected, question);
  }
  const several = `/select?fl=box,uid,score&q=body:%22red%22&fq=%2Buser:%22me%40example.com%22%2B(box:${guid})`;
  t.deepEqual(uids(await ask(service, several)), [1, 2]);
  t.deepEqual(
    uids(await ask(service, `/select?fl=uid&rows=1&q=box:${guid}+user:%22me%40example.com%22`)),
    [2],
  );
  await ask(service, '/update', [`<delete><id>2/${guid}/${user}</id></delete>`]);
  t.deepEqual(uids(await ask(service, select('body:"red"'))), [1]);
});

test('what it can’t answer it says at once, so that Dovecot reads the mails', async (t) => {
  const service = await start(t);
  await fill(service, doc(1, 'red'));
  const status = async (target: string) => (await ask(service, target)).status;
  t.is(await status(select('body:"say "red" to it"')), 400);
  t.is(await status(select(`${'('.repeat(5000)}body:"red"`)), 503);
  t.is(await status('/select?q=body:%22red%22'), 400);
  t.is(
    await status(select('body:"red"').replaceAll(guid, 'b'.repeat(32))),
    503,
    'a mailbox that it does not know',
  );
  t.is(await status('/select'), 400);
});

test('clients that say nothing keep nobody waiting', async (t) => {
  const service = await start(t);
  await fill(service, doc(1, 'red'));
  const silent = Array.from({ length: 20 }, () => connect(service.port, '127.0.0.1'));
  t.teardown(() => silent.forEach((socket) => void socket.destroy()));
  t.deepEqual(uids(await ask(service, select('body:"red"'))), [1]);
});

test('after a stop, and where a post failed, it is in doubt and answers nothing until somebody has looked', async (t) => {
  const service = await start(t);
  await fill(service, doc(1, 'red'));
  service.child.kill('SIGKILL');
  const again = await start(t, service.folder);
  t.is((await ask(again, select('body:"red"'))).status, 503);
  t.is(readdirSync(path.join(service.folder, 'new')).length, 1);
  t.is((await ask(again, `/known?account=${user}`, [''])).body, `new\n${guid} 1\n`);
  await fill(again);
  t.deepEqual(uids(await ask(again, select('body:"red"'))), [1]);
  t.is((await ask(again, '/update', ['<add>', doc(2, 'red'), '<broken'])).status, 500);
  t.is((await ask(again, select('body:"red"'))).status, 503);
});
