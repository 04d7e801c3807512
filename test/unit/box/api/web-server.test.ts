import { request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import test, { type ExecutionContext } from 'ava';
import fc from 'fast-check';
import { cookieName } from '../../../../box/api/http/credentials.ts';
import { formFields } from '../../../../box/api/http/form.ts';
import { webServer } from '../../../../box/api/http/web-server.ts';
import type { Question, Reply } from '../../../../box/api/keeper/protocol.ts';

let number = 0;
const key = `session-${'a'.repeat(64)}`;

/** The web process with a keeper that says what it is told to. */
async function web(
  t: ExecutionContext,
  reply: Reply | Error = { type: 'text', body: 'done' },
  groupware = false,
) {
  const asked: Question[] = [];
  const log: string[] = [];
  const server = webServer(
    async (question) => {
      asked.push(question);
      if (reply instanceof Error) throw reply;
      return reply;
    },
    (line) => void log.push(line),
    async () => ({ hostname: 'box.example.com', ports: [465, 587, 993, 995], groupware }),
  );
  const socketPath = path.join(tmpdir(), `panel-web-${process.pid}-${number++}.sock`);
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  t.teardown(() => void server.close());
  const ask = (method: string, where: string, headers: Record<string, string> = {}, body = '') =>
    new Promise<{ status?: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const sent = request({ socketPath, method, path: where, headers }, (got) => {
        let text = '';
        got.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        got.on('end', () => resolve({ status: got.statusCode ?? 0, headers: got.headers, body: text }));
      });
      sent.on('error', reject);
      sent.end(body);
    });
  return { ask, asked, log, socketPath };
}

const basic = (user: string, secret: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`,
});
const form = { 'content-type': 'application/x-www-form-urlencoded' };

test('a form, its route, who asks and from where reach the keeper', async (t) => {
  const { ask, asked, log } = await web(t);
  const headers = {
    ...basic('me@example.com', 'pass:word'),
    ...form,
    'x-forwarded-for': '2001:db8::7',
    'x-auth-token': '123456',
  };
  const { status, body } = await ask(
    'POST',
    '/mail/users/add?ignored=1',
    headers,
    'email=a%40b.example&password=x+y&email=2',
  );
  t.is(status, 200);
  t.is(body, 'done');
  t.deepEqual(
    asked.map((question) => ({ ...question, params: { ...question.params } })),
    [
      {
        route: 'POST /mail/users/add',
        params: { email: 'a@b.example', password: 'x y', ignored: '1' },
        credentials: { user: 'me@example.com', secret: 'pass:word', code: '123456' },
        from: '2001:db8::7',
      },
    ],
  );
  t.false(log.join().includes('pass'));
  t.like(JSON.parse(log[0] ?? ''), { route: 'POST /mail/users/add', status: 200, from: '2001:db8::7' });
});

test('an address that is none is this machine’s, never a stranger’s word', async (t) => {
  const { ask, asked } = await web(t);
  for (const header of ['198.51.100.1, 198.51.100.2', 'x', ''])
    await ask('GET', '/mail/users', { ...basic('a', 'b'), 'x-forwarded-for': header });
  t.deepEqual(
    asked.map(({ from }) => from),
    ['127.0.0.1', '127.0.0.1', '127.0.0.1'],
  );
});

test('401 asks for a password; a page of ours gets 403 without a prompt; JSON for who accepts it', async (t) => {
  const { ask } = await web(t, {
    refused: 'unauthenticated',
    reason: 'Incorrect email address or password.',
  });
  const plain = await ask('GET', '/mail/users', basic('a', 'b'));
  t.is(plain.status, 401);
  t.is(plain.headers['www-authenticate'], 'Basic realm="Mail-in-a-Box Management Server"');
  t.is(plain.headers['x-reason'], 'Incorrect email address or password.');
  t.is(plain.body, 'Incorrect email address or password.\n');
  const page = await ask('GET', '/mail/users', {
    'x-requested-with': 'XMLHttpRequest',
    accept: 'application/json',
  });
  t.is(page.status, 403);
  t.is(page.headers['www-authenticate'], undefined);
  t.deepEqual(JSON.parse(page.body), { status: 'error', reason: 'Incorrect email address or password.' });
});

test('the other refusals', async (t) => {
  const table: readonly [Reply, number][] = [
    [{ refused: 'forbidden', reason: 'no' }, 401],
    [{ refused: 'missing-totp-token', reason: 'no' }, 401],
    [{ refused: 'bad-request', reason: 'no' }, 400],
    [{ refused: 'fault', reason: 'no' }, 500],
    [{ refused: 'busy', reason: 'no', retryAfter: 7 }, 429],
  ];
  for (const [reply, status] of table) {
    const answer = await (await web(t, reply)).ask('GET', '/mail/users', basic('a', 'b'));
    t.is(answer.status, status);
    t.is(answer.body, 'no\n');
    t.is(answer.headers['cache-control'], 'no-store');
    if (status === 429) t.is(answer.headers['retry-after'], '7');
  }
  const down = await web(t, new Error('the keeper hung up'));
  t.is((await down.ask('GET', '/mail/users', basic('a', 'b'))).status, 502);
  t.true(down.log[0]?.includes('the keeper hung up'));
});

test('a page gets its session as a cookie that no script and no other site can use; a program gets none', async (t) => {
  const { ask } = await web(t, { type: 'json', body: { status: 'ok' }, session: key });
  const page = await ask('POST', '/login', { ...basic('a', 'b'), 'x-requested-with': 'XMLHttpRequest' });
  t.deepEqual(page.headers['set-cookie'], [
    `${cookieName}=${key}; Path=/admin; Secure; HttpOnly; SameSite=Strict`,
  ]);
  t.is((await ask('POST', '/login', basic('a', 'b'))).headers['set-cookie'], undefined);
});

test('the cookie stands for the session, and is no password', async (t) => {
  const { ask, asked } = await web(t);
  await ask('GET', '/mail/users', { cookie: `x=1; ${cookieName}=${key}` });
  t.deepEqual(asked[0]?.credentials, { user: '', secret: key });
  await ask('GET', '/mail/users', { cookie: `${cookieName}=password` });
  t.is(asked[1]?.credentials, undefined);
});

test('what another web site makes a browser ask is not asked', async (t) => {
  const { ask, asked } = await web(t);
  const host = 'box.example.com';
  const foreign: readonly Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${host}` },
    { origin: `https://${host}.evil.example` },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ];
  for (const headers of foreign)
    t.is(
      (await ask('POST', '/dns/update', { host, cookie: `${cookieName}=${key}`, ...headers })).status,
      403,
    );
  t.is(asked.length, 0);
  const own: readonly Record<string, string>[] = [
    { origin: `https://${host}`, 'sec-fetch-site': 'same-origin' },
    {},
  ];
  for (const headers of own) t.is((await ask('POST', '/dns/update', { host, ...headers })).status, 200);
});

test('requests that are not well formed reach no keeper', async (t) => {
  const { ask, asked, log } = await web(t);
  const table: readonly [number, string, string, Record<string, string>, string][] = [
    [404, 'GET', '/nothing', {}, ''],
    [404, 'GET', '/mail/users/', {}, ''],
    [405, 'PUT', '/mail/users', {}, ''],
    [405, 'OPTIONS', '/mail/users', {}, ''],
    [400, 'GET', '/%', {}, ''],
    [400, 'GET', '/dns/zonefile/%c0%af', {}, ''],
    [400, 'GET', '/mail/users?format=%ff', {}, ''],
    [400, 'GET', `/mail/users?${'a=1&'.repeat(101)}`, {}, ''],
    [400, 'POST', '/mail/users/add', form, 'email=%ff'],
    [400, 'POST', '/mail/users/add', form, '%'],
    [415, 'POST', '/mail/users/add', { 'content-type': 'application/json' }, '{}'],
    [415, 'POST', '/mail/users/add', { 'content-type': 'multipart/form-data; boundary=x' }, '--x'],
    [413, 'POST', '/mail/users/add', form, `email=${'x'.repeat(300_000)}`],
    [401, 'GET', '/mail/users', { authorization: 'Bearer x' }, ''],
    [401, 'GET', '/mail/users', { authorization: 'Basic' }, ''],
    [401, 'GET', '/mail/users', { authorization: 'Basic !!!' }, ''],
    [401, 'GET', '/mail/users', basic('me', ''), ''],
    [401, 'GET', '/mail/users', basic('', 'me'), ''],
    [401, 'GET', '/mail/users', basic('x'.repeat(1001), 'me'), ''],
  ];
  for (const [status, method, where, headers, body] of table)
    t.is(
      (await ask(method, where, headers, body)).status,
      status,
      `${method} ${where} ${JSON.stringify(headers)}`,
    );
  t.is(asked.length, 0);
  t.false(log.some((line) => line.includes('fault')));
});

test('bytes that are no request end the connection with 400', async (t) => {
  const { socketPath } = await web(t);
  const table = [
    'nonsense\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nBad header: \0\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
  ];
  for (const bytes of table) {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(socketPath, () => socket.write(bytes));
      let text = '';
      socket.on('data', (part) => {
        text += part;
      });
      socket.on('close', () => resolve(text));
      socket.on('error', reject);
    });
    t.regex(answer, /^HTTP\/1\.1 4(00|31) /, bytes.slice(0, 60));
  }
});

test('/openapi.json describes the API; HEAD has no body; pages are nginx’s', async (t) => {
  const { ask } = await web(t);
  t.is((JSON.parse((await ask('GET', '/openapi.json')).body) as { openapi: string }).openapi, '3.1.0');
  const head = await ask('HEAD', '/openapi.json');
  t.is(head.status, 200);
  t.is(head.body, '');
  t.is((await ask('GET', '/')).status, 404);
});

test('forms are read as browsers write them', (t) => {
  const name = fc.string({ minLength: 1, maxLength: 10, unit: 'grapheme' });
  fc.assert(
    fc.property(fc.dictionary(name, fc.string({ unit: 'grapheme' })), (fields) => {
      // From pairs: of an object, Node.js 16 leaves names such as `valueOf` out.
      const text = new URLSearchParams(Object.entries(fields)).toString();
      t.deepEqual({ ...formFields(text) }, { ...fields });
    }),
  );
  t.deepEqual({ ...formFields('__proto__=x&a&b=1=2') }, { ['__proto__']: 'x', a: '', b: '1=2' });
  t.deepEqual({ ...formFields('') }, {});
});

test('Outlook’s question is answered without the keeper, to anyone, and to no other method', async (t) => {
  const { ask, asked, log } = await web(t);
  const schema = 'http://schemas.microsoft.com/exchange/autodiscover/outlook';
  const question = `\ufeff<Autodiscover xmlns="${schema}/requestschema/2006"><Request><EMailAddress>no.one@example.com</EMailAddress><AcceptableResponseSchema>${schema}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`;
  const got = await ask('POST', '/AutoDiscover/autodiscover.xml', {}, question);
  t.is(got.status, 200);
  t.regex(got.body, /<Server>box\.example\.com<\/Server>\s*<Port>993</);
  t.is((await ask('GET', '/autodiscover/autodiscover.xml')).status, 405);
  t.is((await ask('POST', '/autodiscover/autodiscover.xml', {}, 'x')).status, 400);
  t.is((await ask('POST', '/autodiscover/autodiscover.xml', {}, 'x'.repeat(16_385))).status, 413);
  const json = await ask(
    'GET',
    '/autodiscover/autodiscover.json?Email=me%40example.com&Protocol=AutodiscoverV1',
  );
  t.is(JSON.parse(json.body).Url, 'https://box.example.com/autodiscover/autodiscover.xml');
  t.is((await ask('GET', '/autodiscover/autodiscover.json?Protocol=ActiveSync')).status, 400);
  t.is((await ask('GET', '/autodiscover/autodiscover.json?Protocol=%ff')).status, 400);
  t.deepEqual(asked, []);
  t.notRegex(log.join(''), /no\.one/);
});

test('ActiveSync is named where the image has it', async (t) => {
  const { ask } = await web(t, undefined, true);
  const { body } = await ask(
    'GET',
    '/autodiscover/autodiscover.json/v1.0/me%40example.com?Protocol=ActiveSync',
  );
  t.is(JSON.parse(body).Url, 'https://box.example.com/Microsoft-Server-ActiveSync');
});
