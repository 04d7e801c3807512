/** What a submitted mail tells of its sender: the text they wrote, and not where or with what they wrote it. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { Conversation } from './world/conversation.ts';
import { makeLab } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-privacy'));
const ready = lab.then(async (made) => ({ box: await started(made, 'box', made.owner), me: made.owner }));

const telling = [
  'X-Originating-IP: [192.0.2.77]',
  'User-Agent: Telling/1.0 (192.0.2.77)\r\n (and a second line)',
  'X-Mailer: Telling 2.0',
  'X-Enigmail: Telling 3.0',
  'X-Pgp-Agent: Telling 4.0',
  'X-Sender: log-in@telling.example',
  'x-mailer: telling in lower case',
];
const attached = [
  'Received: from laptop.telling.example ([192.0.2.78])',
  '\tby mx.elsewhere.example (Postfix) with ESMTPSA id 0123456789',
  '\tfor <somebody@elsewhere.example>; Tue, 24 Nov 2026 10:00:00 +0000 (UTC)',
  'User-Agent: Attached/1.0',
  'X-Mailer: Attached 2.0',
  'X-Originating-IP: [192.0.2.79]',
  'Mime-Version: 1.0 (Attached 3.0)',
  'Subject: attached',
  '',
  'The attached text.',
].join('\r\n');
const message = (subject: string) =>
  [
    `Subject: ${subject}`,
    'From: me@example.com',
    ...telling,
    'Mime-Version: 1.0 (Telling Mail 9.1)',
    'Content-Type: multipart/mixed; boundary=b',
    '',
    '--b',
    'Content-Type: text/plain',
    '',
    'User-Agent: a line of the text',
    '--b',
    'Content-Type: message/rfc822',
    '',
    attached,
    '--b--',
    '',
  ].join('\r\n');

/** Submits on 587, or delivers on 25, and gives the mail as its recipient has it: header and body apart. */
async function sent(port: number, subject: string): Promise<{ header: string; body: string }> {
  const { box, me } = await ready;
  const conversation = await Conversation.open(box, port, { tls: true });
  // The name that a client gives itself often is its inner address.
  await conversation.say('EHLO [192.0.2.80]');
  if (port === 587) {
    const secret = Buffer.from(`\0${me.email}\0${me.password}`).toString('base64');
    await conversation.say(`AUTH PLAIN ${secret}`);
  }
  const reply = await conversation.mail(port === 587 ? me.email : box.stranger, me.email, message(subject));
  if (reply.code !== 250) throw new Error(reply.text);
  conversation.close();
  const mail = await (await Reader.of(box, hostname, me, box.folder)).imap(subject);
  const end = mail.indexOf('\r\n\r\n');
  return { header: mail.slice(0, end), body: mail.slice(end) };
}

test('address and program of the sender are gone from a submitted mail', async (t) => {
  const { header } = await sent(587, 'submitted');
  t.notRegex(header, /telling/i);
  t.notRegex(header, /192\.0\.2\./);
  t.notRegex(header, /198\.51\.100\.1\b/, 'the client’s own address');
  t.notRegex(header, /^(User-Agent|X-Mailer|X-Originating-IP|X-Enigmail|X-Pgp-Agent|X-Sender):/im);
  t.regex(header, /^Mime-Version: 1\.0$/im);
  t.regex(header, /^Received: by box\.example\.com \(Postfix\) with ESMTPSA id \w+/m);
});

test('the text and an attached mail stay as they were', async (t) => {
  const { body } = await sent(587, 'with an attachment');
  // But for one comment: Postfix has a single table for Mime-Version, wherever it stands (header_checks(5)).
  t.true(body.includes(attached.replace(' (Attached 3.0)', '')), body);
  t.regex(body, /^User-Agent: a line of the text\r$/m);
});

test('a mail from outside keeps its header, and who brought it', async (t) => {
  const { header } = await sent(25, 'from outside');
  t.regex(header, /^User-Agent: Telling\/1\.0/m);
  t.regex(header, /^X-Originating-IP: \[192\.0\.2\.77\]\r$/m);
  t.regex(header, /^Received: from \[192\.0\.2\.80\] \(.*\[198\.51\.100\.1\]\)/m);
});
