/** From Postfix's log to connections that went well or failed; the words of Postfix 2.11, 3.7 and 3.10. */
import test from 'ava';
import { type Session, SmtpLog } from '../../../../../box/reports/sending/smtp-log.ts';
import { connected, delivered, waiting } from './samples.ts';

const none = { begun: {}, done: {}, own: [] };
const sender = 'mail-reports@box.example.com';

function read(lines: readonly string[], before: ConstructorParameters<typeof SmtpLog>[0] = none) {
  const sessions: Session[] = [];
  const log = new SmtpLog(before, sender, (session) => sessions.push(session));
  for (const line of lines) log.line(line);
  return { sessions, rest: log.rest };
}
const words = (lines: readonly string[]) =>
  read(lines).sessions.map((one) =>
    'level' in one ? `${one.domain} ${one.level}` : `${one.domain} ${one.failure.type}`,
  );

test('a connection is of the domain that it delivered to, and as good as Postfix calls it', (t) => {
  const levels = { Verified: 'verified', Trusted: 'trusted', Untrusted: 'untrusted', Anonymous: 'untrusted' };
  for (const [word, level] of Object.entries(levels))
    t.deepEqual(
      words([
        connected(7, word, 'mx.a.example[192.0.2.1]'),
        delivered(7, '4bQ1', 'x@a.example', 'mx.a.example[192.0.2.1]'),
      ]),
      [`a.example ${level}`],
    );
  const [session] = read([
    connected(7, 'Verified', 'mx.a.example[2001:db8::1]'),
    delivered(7, '4bQ1', 'X@A.Example', 'mx.a.example[2001:db8::1]'),
  ]).sessions;
  t.deepEqual(session, { domain: 'a.example', level: 'verified' });
});

test('two recipients are one connection; a mail on a kept one is none; two processes do not get mixed up', (t) => {
  const [a, b] = ['mx.a.example[192.0.2.1]', 'mx.b.example[192.0.2.2]'];
  t.deepEqual(
    words([
      connected(7, 'Trusted', a),
      connected(8, 'Untrusted', b),
      delivered(8, '4bQ2', 'x@b.example', b),
      delivered(7, '4bQ1', 'x@a.example', a),
      delivered(7, '4bQ1', 'y@a.example', a),
      delivered(7, '4bQ3', 'x@a.example', a, 'conn_use=2, '),
      // An alias, as Postfix tells of one.
      delivered(9, '4bQ4', 'z@b.example', b).replace('relay=', 'orig_to=<w@box.example.com>, relay='),
      delivered(9, '4bQ4', 'v@b.example', b),
    ]),
    ['b.example untrusted', 'a.example trusted', 'b.example clear'],
  );
});

test('what Postfix waits for is a failure of its kind, with the server', (t) => {
  const mx = 'mx.a.example[192.0.2.1]';
  const failed = (lines: readonly string[]) => read(lines).sessions;
  t.deepEqual(
    failed([
      waiting(7, '4bQ1', 'x@a.example', `${mx}:25`, `TLS is required, but was not offered by host ${mx}`),
      waiting(7, '4bQ1', 'y@a.example', `${mx}:25`, `TLS is required, but was not offered by host ${mx}`),
    ]),
    [
      {
        domain: 'a.example',
        failure: { type: 'starttls-not-supported', mx: 'mx.a.example', address: '192.0.2.1' },
      },
    ],
  );
  const certificate = (said: string) => [
    `postfix/smtp[7]: ${said}`,
    connected(7, 'Untrusted', mx),
    waiting(7, '4bQ1', 'x@a.example', `${mx}:25`, 'Server certificate not verified'),
  ];
  for (const [said, type] of [
    [
      'certificate verification failed for mx.a.example[192.0.2.1]:25: self-signed certificate',
      'certificate-not-trusted',
    ],
    [
      'certificate verification failed for mx.a.example[192.0.2.1]:25: untrusted issuer /CN=Nobody',
      'certificate-not-trusted',
    ],
    [
      'server certificate verification failed for mx.a.example[192.0.2.1]:25: certificate has expired',
      'certificate-expired',
    ],
    [
      'server certificate verification failed for mx.a.example[192.0.2.1]:25: num=62:hostname mismatch',
      'certificate-host-mismatch',
    ],
    [
      'certificate verification failed for mx.a.example[192.0.2.1]:25: not trusted by local or TLSA policy',
      'validation-failure',
    ],
    [
      'server certificate verification failed for mx.a.example[192.0.2.1]:25: num=65:no matching DANE TLSA records',
      'validation-failure',
    ],
    ['something else', 'certificate-not-trusted'],
  ] as const)
    t.deepEqual(failed(certificate(said)), [
      { domain: 'a.example', failure: { type, mx: 'mx.a.example', address: '192.0.2.1' } },
    ]);
  for (const [why, type] of [
    ['no TLSA records found', 'dane-required'],
    ['TLSA records unusable', 'tlsa-invalid'],
    ['TLSA lookup error for mx.a.example:25', 'dnssec-invalid'],
  ] as const)
    t.like(failed([waiting(7, '4bQ1', 'x@a.example', 'none', why)])[0], {
      failure: { type, mx: '', address: '' },
    });
});

test('a certificate that nobody asked for is no failure', (t) => {
  const mx = 'mx.a.example[192.0.2.1]';
  t.deepEqual(
    words([
      'postfix/smtp[7]: certificate verification failed for mx.a.example[192.0.2.1]:25: self-signed certificate',
      connected(7, 'Untrusted', mx),
      delivered(7, '4bQ1', 'x@a.example', mx),
    ]),
    ['a.example untrusted'],
  );
});

test('a server that fails, and the next one that takes the mail, are two connections', (t) => {
  t.deepEqual(
    words([
      connected(7, 'Untrusted', 'mx1.a.example[192.0.2.1]'),
      'postfix/smtp[7]: 4bQ11: Server certificate not verified',
      connected(7, 'Verified', 'mx2.a.example[192.0.2.2]'),
      delivered(7, '4bQ11', 'x@a.example', 'mx2.a.example[192.0.2.2]'),
    ]),
    ['a.example certificate-not-trusted', 'a.example verified'],
  );
  // The handshake breaks, and Postfix goes on in clear, where it may.
  t.deepEqual(
    words([
      'postfix/smtp[7]: SSL_connect error to mx.a.example[192.0.2.1]:25: lost connection',
      'postfix/smtp[7]: 4bQ11: Cannot start TLS: handshake failure',
      delivered(7, '4bQ11', 'x@a.example', 'mx.a.example[192.0.2.1]'),
    ]),
    ['a.example validation-failure'],
  );
});

test('without a connection that came to anything nothing is counted', (t) => {
  t.deepEqual(
    words([
      waiting(
        7,
        '4bQ1',
        'x@a.example',
        'none',
        'connect to mx.a.example[192.0.2.1]:25: Connection timed out',
      ),
      waiting(
        7,
        '4bQ2',
        'x@a.example',
        'mx.a.example[192.0.2.1]:25',
        'host mx.a.example[192.0.2.1] refused to talk to me: 421 later',
      ),
      'postfix/lmtp[9]: 4bQ3: to=<x@a.example>, relay=127.0.0.1[127.0.0.1]:10025, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)',
      'postfix/forward/smtp[9]: 4bQ4: to=<x@a.example>, relay=127.0.0.1[127.0.0.1]:10030, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 Ok)',
      'postfix/smtpd[9]: Anonymous TLS connection established from mx.b.example[192.0.2.9]: TLSv1.3 with cipher X',
    ]),
    [],
  );
  // Refused, but by a server that took part, without encryption.
  t.deepEqual(
    words([
      waiting(
        7,
        '4bQ2',
        'x@a.example',
        'mx.a.example[192.0.2.1]:25',
        'host mx.a.example[192.0.2.1] said: 450 later (in reply to RCPT TO command)',
      ),
    ]),
    ['a.example clear'],
  );
});

test('the box’s own reports are not reported; what is tried again is', (t) => {
  const mx = 'mx.a.example[192.0.2.1]';
  const why = `TLS is required, but was not offered by host ${mx}`;
  const queued = (from: string) => `postfix/qmgr[5]: 4bQ19: from=<${from}>, size=900, nrcpt=1 (queue active)`;
  t.deepEqual(words([queued(sender), waiting(7, '4bQ19', 'x@a.example', `${mx}:25`, why)]), []);
  const { rest } = read([queued(sender)]);
  t.deepEqual(rest.own, ['4bQ19']);
  t.deepEqual(read([waiting(7, '4bQ19', 'x@a.example', `${mx}:25`, why)], rest).sessions, []);
  t.deepEqual(read([queued(sender), 'postfix/qmgr[5]: 4bQ19: removed']).rest.own, []);
  const again = [queued('me@example.com'), waiting(7, '4bQ19', 'x@a.example', `${mx}:25`, why)];
  t.is(words([...again, ...again]).length, 2);
});

test('what a process had begun at one look is known at the next; of a flood only the newest', (t) => {
  const mx = 'mx.a.example[192.0.2.1]';
  const { sessions, rest } = read([connected(7, 'Verified', mx)]);
  t.deepEqual(sessions, []);
  t.deepEqual(read([delivered(7, '4bQ1', 'x@a.example', mx)], rest).sessions, [
    { domain: 'a.example', level: 'verified' },
  ]);
  const many = read(Array.from({ length: 5000 }, (_, i) => connected(i, 'Verified', mx)));
  t.is(Object.keys(many.rest.begun).length, 500);
});

test('what the other server says is not taken for Postfix’s word', (t) => {
  const mx = 'mx.a.example[192.0.2.1]';
  t.deepEqual(
    words([
      waiting(
        7,
        '4bQ1',
        'x@a.example',
        `${mx}:25`,
        `host ${mx} said: 450 Server certificate not verified, to=<y@victim.example>, status=sent (in reply to greeting)`,
      ),
    ]),
    [],
  );
});
