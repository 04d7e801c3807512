/** What `box outbound-tls` reads and writes: netstrings, socketmap, DNS messages. */
import { connect, type Server } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { encode } from 'dns-packet';
import fc from 'fast-check';
import { isUsable } from '../../../../box/outbound-tls/dane.ts';
import { NetstringReader, netstring } from '../../../../box/outbound-tls/netstring.ts';
import { LookupFailed, question, readAnswer } from '../../../../box/outbound-tls/question.ts';
import { serve } from '../../../../box/outbound-tls/server.ts';
import { domainOf, keyOf, replyText } from '../../../../box/outbound-tls/socketmap.ts';

test('netstrings come out whole, however the bytes were cut', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 50 })),
      fc.integer({ min: 1, max: 9 }),
      (texts, size) => {
        const stream = Buffer.from(texts.map(netstring).join(''));
        const reader = new NetstringReader(1000);
        const found: string[] = [];
        for (let i = 0; i < stream.length; i += size)
          found.push(...reader.read(stream.subarray(i, i + size)));
        t.deepEqual(found, texts);
      },
    ),
  );
});

test('what is no netstring, or too long, is refused at once', (t) => {
  for (const bytes of [
    'x',
    '-1:',
    '01:a,',
    '3:abcd',
    '1001:',
    '99999',
    ':,',
    '3 :abc,',
    ' 3:abc,',
    'GET / HTTP/1.1\r\n',
  ])
    t.throws(() => new NetstringReader(1000).read(Buffer.from(bytes)), { name: 'NotANetstring' }, bytes);
  for (const bytes of ['', '3', '1000', '3:', '3:abc'])
    t.deepEqual(new NetstringReader(1000).read(Buffer.from(bytes)), []);
});

test('a request is for our table or for none; a reply has its blank', (t) => {
  t.is(keyOf('outbound-tls example.com'), 'example.com');
  t.is(keyOf('other example.com'), undefined);
  t.is(keyOf('outbound-tls'), undefined);
  t.is(replyText({ status: 'OK', value: 'dane-only' }), 'OK dane-only');
  t.is(replyText({ status: 'NOTFOUND' }), 'NOTFOUND ');
  t.is(replyText({ status: 'TEMP', reason: 'later' }), 'TEMP later');
});

test('only a domain has a policy: no explicit next hop, no parent, no address', (t) => {
  for (const key of ['example.com', 'EXAMPLE.com', 'example.com.']) t.is(domainOf(key), 'example.com');
  t.is(domainOf('xn--bcher-kva.example'), 'xn--bcher-kva.example');
  t.is(domainOf('tld'), 'tld');
  const none = [
    '[mx.example.com]:587',
    '.example.com',
    '192.0.2.1',
    '[192.0.2.1]',
    '',
    'a..b',
    'a b.c',
    '../etc/x',
    `${'a'.repeat(64)}.b`,
  ];
  for (const key of none) t.is(domainOf(key), undefined, key);
});

// --- The DNS message.

const header = { type: 'response' as const, id: 7 };
const dnssecAnswer = 1 << 5;

test('a question asks for validation; its answer is read with its aliases', (t) => {
  // QTYPE TLSA and class IN; then OPT with the DO bit in its flags (RFC 6891, section 6.1.3).
  t.true(
    question(7, '_25._tcp.mx.example', 'TLSA').includes(Buffer.from('0034000100002910000000800000', 'hex')),
  );
  const message = encode({
    ...header,
    flags: dnssecAnswer,
    questions: [{ type: 'TLSA', name: 'a.example', class: 'IN' }],
    answers: [
      { type: 'CNAME', name: 'a.example', data: 'B.example' },
      {
        type: 'TLSA',
        name: 'b.example',
        data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32, 9) },
      },
      // Of another name: no part of the answer.
      {
        type: 'TLSA',
        name: 'c.example',
        data: { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.alloc(32) },
      },
    ] as never,
  });
  const answer = readAnswer(message, 7, 'A.example', 'TLSA');
  t.true(answer.secure);
  t.is(answer.canonical, 'b.example');
  t.is(answer.tlsa.length, 1);
  t.true(isUsable(answer.tlsa[0] as (typeof answer.tlsa)[0]));
});

test('an answer that failed, is cut off, or is to another question is no answer', (t) => {
  const questions = [{ type: 'MX' as const, name: 'a.example', class: 'IN' as const }];
  const servfail = encode({ ...header, questions, flags: 2 });
  const cutOff = encode({ ...header, questions, flags: 1 << 9 });
  const other = encode({ ...header, questions: [{ type: 'MX', name: 'b.example', class: 'IN' }] });
  const otherId = encode({ ...header, id: 8, questions });
  for (const message of [servfail, cutOff, other, otherId, Buffer.alloc(3), Buffer.alloc(0)])
    t.throws(() => readAnswer(message, 7, 'a.example', 'MX'), { instanceOf: LookupFailed });
  t.true(readAnswer(encode({ ...header, questions, flags: 3 }), 7, 'a.example', 'MX').noName);
});

test('no bytes at all make the reader fail in another way', (t) => {
  const good = encode({
    ...header,
    questions: [{ type: 'MX', name: 'a.example', class: 'IN' }],
    answers: [{ type: 'MX', name: 'a.example', data: { preference: 1, exchange: 'mx.a.example' } }],
  });
  const damaged = fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.nat(255)), { maxLength: 6 })
    .map((changes) => {
      const bytes = Buffer.from(good);
      for (const [at, byte] of changes) bytes[at] = byte;
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 80 }).map(Buffer.from)), (bytes) => {
      try {
        readAnswer(bytes, 7, 'a.example', 'MX');
      } catch (error) {
        t.true(error instanceof LookupFailed, String(error));
      }
    }),
    { numRuns: 2000 },
  );
  t.pass();
});

// --- The server.

/** Sends bytes and gives what came back, as soon as it is `length` long or the server has hung up. */
async function talk(t: ExecutionContext, server: Server, bytes: string, length: number): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => void server.close());
  const { port } = server.address() as { port: number };
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let got = '';
    socket.setEncoding('utf8').on('data', (text) => {
      got += text;
      if (got.length >= length) socket.destroy();
    });
    socket.on('error', reject).on('close', () => resolve(got));
    socket.write(bytes);
  });
}

test('it answers in the order of the requests, and a fault of its own makes mail wait', async (t) => {
  const faults: string[] = [];
  const server = serve(
    async (key) => {
      if (key === 'slow') await new Promise((resolve) => setTimeout(resolve, 50));
      if (key === 'fault') throw new Error('oops');
      return { status: 'OK', value: key };
    },
    (line) => void faults.push(line),
  );
  const asked = ['outbound-tls slow', 'outbound-tls fast', 'outbound-tls fault', 'x y']
    .map(netstring)
    .join('');
  const replies = '7:OK slow,7:OK fast,19:TEMP internal error,18:PERM no such table,';
  t.is(await talk(t, server, asked, replies.length), replies);
  t.regex(faults.join(), /oops/);
});

test('it hangs up on what is no request', async (t) => {
  t.is(
    await talk(
      t,
      serve(
        async () => ({ status: 'NOTFOUND' }),
        () => {},
      ),
      'GET / HTTP/1.1\r\n\r\n',
      1,
    ),
    '',
  );
});
