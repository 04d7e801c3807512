/** Heads of mails: as programs write them, as they are broken, and as an enemy would write them. */
import test from 'ava';
import fc from 'fast-check';
import { folderName, readHead, spelled } from '../../../../box/mail/mail-head.ts';

const head = (...lines: string[]) =>
  readHead(Buffer.from(`${lines.join('\r\n')}\r\n\r\nSubject: of the body\r\n`));

test('sender, subject, date and Message-ID, folded and encoded', (t) => {
  const mail = head(
    'Received: from x by y; Mon, 2 Nov 2026 10:00:00 +0000',
    'From: =?iso-8859-1?Q?J=F6rg_M=FCller?= <joerg@example.net>',
    'Date: Tue, 24 Nov 2026 13:00:00 +0100 (CET)',
    'SUBJECT: =?utf-8?b?R3LDvMOf?=',
    '\t=?utf-8?q?e_von?= mir',
    'Message-ID:  <1@example.net> ',
  );
  t.deepEqual(mail, {
    from: 'Jörg Müller <joerg@example.net>',
    subject: 'Grüße von mir',
    messageId: '<1@example.net>',
    date: new Date('2026-11-24T12:00:00Z'),
  });
});

test('what is missing is empty, what is no date is none, and the body is no head', (t) => {
  t.deepEqual(head('To: me@example.com', 'Date: yesterday'), {
    ...{ from: '', subject: '', messageId: '', date: undefined },
  });
  t.is(readHead(Buffer.from('\n\nSubject: of the body')).subject, '');
  t.is(readHead(Buffer.alloc(0)).subject, '');
});

test('raw bytes are UTF-8, or else one letter each; a charset that there is not stays as it is', (t) => {
  t.is(readHead(Buffer.from('Subject: Grüße\n\n')).subject, 'Grüße');
  t.is(readHead(Buffer.from('Subject: Gr\u00fc\u00dfe\n\n', 'latin1')).subject, 'Grüße');
  t.is(spelled('=?nonsense?q?a=20b?= =?utf-8?q?c?='), '=?nonsense?q?a=20b?=c');
  t.is(spelled('=?utf-8?q?=?='), '=');
});

test('folders have the names that people know', (t) => {
  t.is(folderName('.Sent'), 'Sent');
  t.is(folderName('.Entw&APw-rfe.Alt'), 'Entwürfe.Alt');
  t.is(folderName('.A &- B'), 'A & B');
  t.is(folderName('.&ZeVnLIqe-'), '日本語');
});

test('whatever the bytes are, it ends and gives text', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.string(), (bytes, text) => {
      const mail = readHead(bytes);
      return (
        typeof mail.subject === 'string' &&
        typeof spelled(text) === 'string' &&
        typeof folderName(text) === 'string'
      );
    }),
  );
  for (const long of ['=?utf-8?q?', ' ', 'a ', '(', '?= ', '\t:', '\n ', '&', '=?a?q?=']) {
    const before = performance.now();
    for (const name of ['Subject', 'Date'])
      readHead(Buffer.from(`${name}: ${long.repeat(65_536 / long.length)}x\n\n`));
    t.true(performance.now() - before < 1000, `${JSON.stringify(long)}: ${performance.now() - before} ms`);
  }
});
