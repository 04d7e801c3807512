/** Requests that mean harm: what is put into every place of the API where a stranger's text may go. */
import type { Account } from '../../rig/mail.ts';
import { hostname } from '../../rig/owner.ts';

export interface Hostile {
  readonly what: string;
  readonly bytes: Buffer;
  /** How many answers one request may have; smuggling would give more. */
  readonly answers: number;
}

/** Each is harmless to an API that takes text for text. */
const payloads: readonly string[] = [
  // SQL
  "' OR '1'='1",
  "x'; DROP TABLE users; --",
  "x'); DELETE FROM users WHERE ('1'='1",
  '" OR ""="',
  "me@example.com' UNION SELECT password FROM users --",
  '1; ATTACH DATABASE "/tmp/harm" AS x',
  // Shells
  '$(touch /tmp/harm)',
  '`touch /tmp/harm`',
  '; touch /tmp/harm',
  '| touch /tmp/harm',
  '&& touch /tmp/harm &',
  '|/bin/sh -c "touch /tmp/harm"',
  '--help',
  '-s PLAIN',
  // Paths
  '../../../../etc/passwd',
  '..\\..\\etc\\passwd',
  '/etc/shadow',
  '....//....//etc/passwd',
  'x/../../users.sqlite',
  'file:///etc/passwd',
  // Lines, headers, zone files
  'x\r\nX-Harm: 1',
  'x\nme@example.com',
  'x\r\n\r\nHTTP/1.1 200 OK\r\n',
  'example.com\n\tNS evil.example.',
  'x" IN A 198.51.100.66 ; ',
  '$INCLUDE /etc/passwd',
  // Bytes and encodings
  '\0',
  'x\0.example',
  '\u202e',
  '\ufeff',
  'ｅxample.com',
  '%s%s%s%n',
  '{{7*7}}',
  '__proto__',
  'constructor..prototype',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  // Sizes
  'x'.repeat(5000),
  `${'a.'.repeat(2000)}example`,
  `${'('.repeat(3000)}@example.com`,
  `a@${'a'.repeat(64)}.example`,
];

/** Where a text of the caller's goes: form fields, pieces of a path, query. `*` stands for it. */
const places: readonly (readonly [method: string, path: string, form?: string])[] = [
  ['POST', '/mail/users/add', 'email=*&password=correct-horse'],
  ['POST', '/mail/users/add', 'email=*@example.com&password=correct-horse'],
  ['POST', '/mail/users/add', 'email=hostile@example.com&password=correct-horse&quota=*x&privileges=*'],
  ['POST', '/mail/users/password', 'email=*&password=correct-horse'],
  ['POST', '/mail/users/remove', 'email=*'],
  ['POST', '/mail/users/privileges/add', 'email=you@example.com&privilege=*x'],
  ['POST', '/mail/aliases/add', 'address=*&forwards_to=me@example.com|'],
  ['POST', '/mail/aliases/add', 'address=hostile@example.com&forwards_to=*|&permitted_senders=*'],
  ['POST', '/mail/aliases/remove', 'address=*'],
  ['POST', '/mfa/disable', 'user=*&mfa-id=*'],
  ['POST', '/mfa/totp/enable', 'secret=*&token=*&label=*'],
  ['GET', '/mail/users/quota?email=*'],
  ['GET', '/mail/users/privileges?email=*'],
  ['GET', '/dns/zonefile/*'],
  ['POST', '/dns/custom/*/A', '192.0.2.1x'],
  ['PUT', '/dns/custom/hostile.other.example/*', '*'],
  ['DELETE', '/dns/custom/*/*', '*'],
];

export function hostileRequests(admin: Account): Hostile[] {
  const as = `Authorization: Basic ${Buffer.from(`${admin.email}:${admin.password}`).toString('base64')}`;
  const all: Hostile[] = [];
  const add = (what: string, bytes: string | Buffer, answers = 1) =>
    all.push({ what, bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'utf8') : bytes, answers });
  const end = ['Connection: close', '', ''];
  const request = (line: string, headers: readonly string[], body = '') =>
    [line, `Host: ${hostname}`, as, ...headers, ...end].join('\r\n') + body;
  // Bodies and headers that never end: first, so that all else goes on while they wait.
  for (const [what, bytes] of [
    ['no body', 'POST /admin/mail/users/remove HTTP/1.1\r\nContent-Length: 10'],
    ['half a body', 'POST /admin/mail/users/remove HTTP/1.1\r\nContent-Length: 100'],
    ['half a chunk', 'POST /admin/mail/users/remove HTTP/1.1\r\nTransfer-Encoding: chunked'],
  ] as const) {
    const end =
      what === 'no body'
        ? ''
        : what === 'half a body'
          ? 'email=you@example.com'
          : '64\r\nemail=you@example.com';
    add(`slow: ${what}`, `${bytes}\r\nHost: ${hostname}\r\n${as}\r\n\r\n${end}`);
  }
  add('slow: half a header', `GET /admin/mail/users HTTP/1.1\r\nHost: ${hostname}\r\nX: `);
  // Each place with a third of the payloads, each payload in a third of the places.
  for (const [i, [method, path, form]] of places.entries()) {
    for (const payload of payloads.filter((_, k) => (i + k) % 3 === 0)) {
      const text = encodeURIComponent(payload);
      const line = `${method} /admin${path.replaceAll('*', text)} HTTP/1.1`;
      const body = form?.replaceAll('*', text) ?? '';
      const type = ['Content-Type: application/x-www-form-urlencoded', `Content-Length: ${body.length}`];
      add(
        `${method} ${path} ${form ?? ''} with ${payload.slice(0, 30)}`,
        request(line, form === undefined ? [] : type, body),
      );
    }
  }
  // In the place of credentials, and in headers.
  const headers = [
    'X-Forwarded-For',
    'X-Auth-Token',
    'Cookie',
    'Accept',
    'Origin',
    'X-Requested-With',
    'Host',
  ];
  for (const [i, payload] of payloads.filter((one) => one.length < 2000).entries()) {
    const basic = Buffer.from(`${payload}:${payload}`).toString('base64');
    if (i % 4 === 0) {
      add(
        `credentials ${payload.slice(0, 30)}`,
        `GET /admin/mail/users HTTP/1.1\r\nHost: ${hostname}\r\nAuthorization: Basic ${basic}\r\nConnection: close\r\n\r\n`,
      );
    }
    const plain = payload.replace(/[\r\n\0]/g, '');
    const header = headers[i % headers.length];
    add(
      `${header} ${plain.slice(0, 30)}`,
      request('GET /admin/mail/domains HTTP/1.1', [`${header}: ${plain}`]),
    );
  }
  for (const path of [
    '/admin/../../etc/passwd',
    '/admin/%2e%2e/%2e%2e/etc/passwd',
    '/admin/..%2f..%2fetc/passwd',
    '/admin/dns/zonefile/..%2f..%2f..%2fetc%2fpasswd',
    '/admin/dns/zonefile/%c0%ae%c0%ae%c0%af',
    '/admin/%00',
    '/admin/%ff%fe',
    '/admin/mail/users%0d%0aX-Harm:%201',
    '/admin//mail//users',
    '/admin/mail/users/../users',
    '/admin/./mail/users',
    '/admin/mail/users;x=1',
    `/admin/${'x'.repeat(7000)}`,
    `/admin/mail/users?${'a=1&'.repeat(1500)}`,
    '/admin/mail/users?format=%ff',
    '/admin/mail/users?%',
    'http://evil.example/admin/mail/users',
    '*',
  ]) {
    add(`path ${path.slice(0, 60)}`, request(`GET ${path} HTTP/1.1`, []));
  }
  // Smuggling: two ideas of where a request ends.
  const post = 'POST /admin/mail/domains HTTP/1.1';
  const inner = `GET /admin/me HTTP/1.1\r\nHost: ${hostname}\r\n\r\n`;
  const smuggled: readonly (readonly [string, readonly string[], string])[] = [
    ['CL.TE', [`Content-Length: ${inner.length + 5}`, 'Transfer-Encoding: chunked'], `0\r\n\r\n${inner}`],
    ['TE.CL', ['Transfer-Encoding: chunked', 'Content-Length: 4'], `5c\r\n${inner}\r\n0\r\n\r\n`],
    ['TE.TE', ['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], `0\r\n\r\n${inner}`],
    ['two lengths', ['Content-Length: 0', `Content-Length: ${inner.length}`], inner],
    ['a length with a sign', ['Content-Length: +0'], inner],
    ['a length in hexadecimal', ['Content-Length: 0x0'], inner],
    ['a length that is negative', ['Content-Length: -1'], inner],
    ['a length that is huge', ['Content-Length: 99999999999999999999'], inner],
    ['a blank before the colon', ['Transfer-Encoding : chunked'], `0\r\n\r\n${inner}`],
    ['a folded header', ['X: a', ' Transfer-Encoding: chunked'], `0\r\n\r\n${inner}`],
    ['an unknown encoding', ['Transfer-Encoding: xchunked'], `0\r\n\r\n${inner}`],
    ['a vertical tab', ['Transfer-Encoding:\vchunked'], `0\r\n\r\n${inner}`],
    ['a chunk with a sign', ['Transfer-Encoding: chunked'], `+0\r\n\r\n${inner}`],
    ['a chunk that is huge', ['Transfer-Encoding: chunked'], 'ffffffffffffffffff\r\n'],
    ['a bare line feed', ['X: a\nTransfer-Encoding: chunked'], `0\r\n\r\n${inner}`],
    ['a NUL in a header', ['X: a\0b'], ''],
    ['two hosts', ['Host: evil.example'], ''],
  ];
  for (const [what, headers, body] of smuggled) add(`smuggling: ${what}`, request(post, headers, body));
  // Bytes that are no text.
  for (const bytes of [[0xff, 0xfe], [0xc0, 0xaf], [0xed, 0xa0, 0x80], [0xf5, 0x80, 0x80, 0x80], [0x80]]) {
    const body = Buffer.concat([Buffer.from('email='), Buffer.from(bytes), Buffer.from('@example.com')]);
    const head = request('POST /admin/mail/users/remove HTTP/1.1', [`Content-Length: ${body.length}`]);
    add(
      `bad UTF-8 ${bytes.map((byte) => byte.toString(16)).join(' ')}`,
      Buffer.concat([Buffer.from(head), body]),
    );
  }
  const big = 'x'.repeat(300_000);
  add('a body that is too large', request(post, [`Content-Length: ${big.length}`], big));
  add('a header that is too large', request('GET /admin/me HTTP/1.1', [`X: ${'x'.repeat(40_000)}`]));
  add(
    'too many headers',
    request(
      'GET /admin/me HTTP/1.1',
      Array.from({ length: 2500 }, (_, i) => `X-${i}: 1`),
    ),
  );
  add('no method', `/admin/me\r\n\r\n`);
  add('a method of its own', request('HARM /admin/mail/users HTTP/1.1', []));
  add('HTTP 0.9', `GET /admin/mail/users\r\n\r\n`, 0);
  add('HTTP 9', request('GET /admin/mail/users HTTP/9.9', []));
  add('TRACE', request('TRACE /admin/mail/users HTTP/1.1', []));
  add('CONNECT', request('CONNECT evil.example:25 HTTP/1.1', []));
  return all;
}
