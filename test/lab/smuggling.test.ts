/** One mail in is one mail out: SMTP smuggling, and what else port 25 must not be talked into. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { parseConfig } from '../../builder/config/load.ts';
import { artefacts } from '../rig/artefacts.ts';
import type { Account } from '../rig/mail.ts';
import { output } from '../rig/program.ts';
import { Conversation, type Reply } from './world/conversation.ts';
import { makeLab, neighbour } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-smuggling'));
const ready = lab.then(async (made) => {
  const other = neighbour(made.owner);
  const [box, theirs] = await Promise.all([
    started(made, 'box', made.owner),
    started(made, 'neighbour', other.owner, other.settings),
  ]);
  return { box, theirs, me: made.owner as Account };
});

const stranger = 'someone@client.outside.example';

/** What one server or another has taken for the end of a mail, and RFC 5321 (section 4.1.1.4) does not. */
const endings: readonly (readonly [name: string, bytes: string])[] = [
  ['<LF>.<LF>', '\n.\n'],
  ['<LF>.<CR><LF>', '\n.\r\n'],
  ['<CR><LF>.<LF>', '\r\n.\n'],
  ['<CR>.<CR>', '\r.\r'],
  ['<CR>.<CR><LF>', '\r.\r\n'],
  ['<CR>.<LF>', '\r.\n'],
  ['<CR><LF>.<CR>', '\r\n.\r'],
  ['<LF>.<CR>', '\n.\r'],
  ['<LF><CR>.<LF><CR>', '\n\r.\n\r'],
  ['<CR><CR><LF>.<CR><CR><LF>', '\r\r\n.\r\r\n'],
  ['<CR><LF>.<CR><CR><LF>', '\r\n.\r\r\n'],
  ['<CR><LF>.<NUL><CR><LF>', '\r\n.\0\r\n'],
  ['<CR><LF><NUL>.<CR><LF>', '\r\n\0.\r\n'],
  ['<CR><NUL><LF>.<CR><NUL><LF>', '\r\0\n.\r\0\n'],
  ['<LF><NUL>.<LF>', '\n\0.\n'],
  ['<LF>.<NUL><LF>', '\n.\0\n'],
  ['<CR><LF>..<CR><LF>', '\r\n..\r\n'],
  ['<LF>..<LF>', '\n..\n'],
  ['<CR><LF>.<SP><CR><LF>', '\r\n. \r\n'],
  ['<CR><LF><SP>.<CR><LF>', '\r\n .\r\n'],
  ['<CR><LF>.<HT><CR><LF>', '\r\n.\t\r\n'],
  ['<VT>.<VT>', '\v.\v'],
  ['<FF>.<FF>', '\f.\f'],
  ['<NEL>.<NEL>', '\x85.\x85'],
  ['<CR><LF>.<CR> and <LF> after a line', '\r\n.\rx\n'],
];

/** A mail whose text goes on, after something like an end, with the commands for a second one. */
function smuggler(ending: string, from: string, to: string, i: number): string {
  const second = [
    `MAIL FROM:<${from}>`,
    `RCPT TO:<${to}>`,
    'DATA',
    `Subject: smuggled ${i}`,
    '',
    'No second mail.',
  ].join('\r\n');
  return `Subject: carrier ${String(i).padStart(2, '0')}\r\n\r\nText.${ending}${second}`;
}

const carriers = endings.map((_, i) => `carrier ${String(i).padStart(2, '0')}`);

/** Every byte sequence is text within one mail: one reply to the data, one mail in the mailbox. */
async function carriesOneMailEach(t: ExecutionContext, port: number, to: string, from: string, at: LabBox) {
  const { box, me } = await ready;
  const before = (await subjects(at, to)).filter((subject) => !carriers.includes(subject));
  for (const [i, [name, ending]] of endings.entries()) {
    const conversation = await Conversation.open(box, port, { tls: port === 587 });
    await conversation.begin();
    if (port === 587) t.is((await conversation.begin(me)).code, 235);
    const reply = await conversation.mail(from, to, smuggler(ending, from, to, i));
    t.is(reply.code, 250, `${name}: ${reply.text}`);
    const rest = await conversation.quit();
    t.deepEqual(
      rest.map(({ code }) => code),
      [221],
      `${name}: ${rest.map(({ text }) => text).join('\n')}`,
    );
  }
  await queueIsEmpty(box);
  t.deepEqual(await subjects(at, to), [...before, ...carriers].sort());
  // The smuggled commands are there, as text.
  const bodies = await at.run(`doveadm fetch -u ${to} body subject carrier`);
  t.is(bodies.match(/^No second mail\./gm)?.length, endings.length);
}

test('a real end of data does end a mail, and what follows it is commands', async (t) => {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 25);
  await conversation.begin();
  const to = 'me@example.com';
  const reply = await conversation.mail(stranger, to, 'Subject: first of two\r\n\r\nx');
  t.is(reply.code, 250);
  t.is((await conversation.mail(stranger, to, 'Subject: second of two\r\n\r\nx')).code, 250);
  t.deepEqual(
    (await conversation.quit()).map(({ code }) => code),
    [221],
  );
  t.deepEqual(await subjects(box, to), ['first of two', 'second of two']);
});

test('what is no end of data ends no mail, from outside on port 25', async (t) => {
  await carriesOneMailEach(t, 25, 'me@example.com', stranger, (await ready).box);
});

test('what is no end of data ends no mail, from a person on port 587 through this box to the next', async (t) => {
  await carriesOneMailEach(t, 587, 'you@outside.example', 'me@example.com', (await ready).theirs);
});

test('an end of data in pieces is one, and BDAT counts its bytes', async (t) => {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 25);
  await conversation.begin();
  for (const line of [`MAIL FROM:<${stranger}>`, 'RCPT TO:<me@example.com>', 'DATA'])
    await conversation.say(line);
  for (const byte of 'Subject: piecemeal\r\n\r\nx\r\n.\r\n') await conversation.raw(byte);
  t.is((await conversation.reply()).code, 250);

  const text = `Subject: counted\r\n\r\nx\r\n.\r\nMAIL FROM:<${stranger}>\r\nRCPT TO:<me@example.com>\r\n`;
  for (const line of [`MAIL FROM:<${stranger}>`, 'RCPT TO:<me@example.com>']) await conversation.say(line);
  await conversation.raw(`BDAT ${text.length} LAST\r\n${text}`);
  t.is((await conversation.reply()).code, 250);
  t.deepEqual(
    (await conversation.quit()).map(({ code }) => code),
    [221],
  );
  const inbox = await subjects(box, 'me@example.com');
  t.deepEqual(
    inbox.filter((subject) => /piecemeal|counted/.test(subject)),
    ['counted', 'piecemeal'],
  );
});

test('a client that talks before it is spoken to, or ahead of its turn, is cut off', async (t) => {
  const { box } = await ready;
  const mail = `MAIL FROM:<${stranger}>\r\nRCPT TO:<me@example.com>\r\nDATA\r\nSubject: too early\r\n\r\nx\r\n.\r\nQUIT\r\n`;
  const early = await Conversation.open(box, 25, { silent: true });
  await early.raw(`EHLO x.example\r\n${mail}`);
  await cutOff(t, early);
  // Pipelining without EHLO, and past DATA, is nobody's right (RFC 2920, section 3.1).
  const hello = await Conversation.open(box, 25);
  await hello.raw(`HELO x.example\r\n${mail}`);
  await cutOff(t, hello);
  const data = await Conversation.open(box, 25);
  await data.begin();
  await data.raw(mail);
  await cutOff(t, data);
  t.false((await subjects(box, 'me@example.com')).includes('too early'));
});

test('what is sent in the clear behind STARTTLS is not read as if it had come encrypted', async (t) => {
  const { box } = await ready;
  for (const port of [25, 587]) {
    const script = fileURLToPath(new URL('world/inject-starttls.py', import.meta.url));
    const said = await output([...box.prefix, 'python3', script, box.host, String(port)]);
    // The one reply to EHLO, whose last line ends it; none to VRFY.
    t.regex(said, /^(250-.*\r\n)+250 .*\r\n$/, `port ${port}`);
  }
});

async function cutOff(t: ExecutionContext, conversation: Conversation): Promise<void> {
  const replies = await conversation.quit();
  // A server that hangs up with bytes unread resets the connection, and its last reply (554) may be lost by that.
  t.notRegex(replies.map(({ text }) => text).join('\n'), /^354|queued as|^221/m);
}

test('VRFY, EXPN and ETRN tell nothing, on either port', async (t) => {
  const { box, me } = await ready;
  for (const { port, tls } of [
    { port: 25, tls: false },
    { port: 25, tls: true },
    { port: 587, tls: true },
  ]) {
    const conversation = await Conversation.open(box, port, { tls });
    await conversation.begin();
    if (port === 587) await conversation.begin(me);
    const answers = async (name: string) => {
      const replies: Reply[] = [];
      for (const verb of ['VRFY', 'EXPN', 'ETRN']) replies.push(await conversation.say(`${verb} ${name}`));
      return replies;
    };
    const told = async (name: string) =>
      (await answers(name)).map(({ text }) => text.replaceAll(name, 'NAME'));
    for (const { code, text } of await answers('example.com')) t.true(code >= 450, `${port}: ${text}`);
    t.deepEqual(await told('me@example.com'), await told('nobody@example.com'), `${port}`);
    conversation.close();
  }
});

test('port 25 neither offers nor takes a log-in, encrypted or not', async (t) => {
  const { box, me } = await ready;
  for (const tls of [false, true]) {
    const conversation = await Conversation.open(box, 25, { tls });
    const hello = await conversation.begin();
    t.is(hello.code, 250);
    t.notRegex(hello.text, /AUTH/);
    t.is((await conversation.begin(me)).code, 503);
    t.is((await conversation.say('AUTH LOGIN')).code, 503);
    conversation.close();
  }
});

test('port 587 offers no log-in before STARTTLS, and takes none', async (t) => {
  const { box, me } = await ready;
  const conversation = await Conversation.open(box, 587);
  t.notRegex((await conversation.begin()).text, /AUTH/);
  t.is((await conversation.begin(me)).code, 530);
  conversation.close();
});

test('a mail larger than the config allows is refused, by what it says and by what it is', async (t) => {
  const { box } = await ready;
  const { config } = parseConfig(readFileSync('example.yaml', 'utf8'), 'example.yaml');
  const limit = config.mail.messageSizeLimit;
  const conversation = await Conversation.open(box, 25);
  t.regex((await conversation.begin()).text, new RegExp(`^250-SIZE ${limit}$`, 'm'));
  t.regex((await conversation.say(`MAIL FROM:<${stranger}> SIZE=${limit + 1}`)).text, /^552 5\.3\.4 /);
  t.is((await conversation.say(`MAIL FROM:<${stranger}> SIZE=${limit}`)).code, 250);
  await conversation.say('RCPT TO:<me@example.com>');
  t.is((await conversation.say('DATA')).code, 354);
  await conversation.raw('Subject: too large\r\n\r\n');
  const block = Buffer.from(`${'x'.repeat(998)}\r\n`.repeat(1000));
  for (let sent = 0; sent <= limit; sent += block.length) await conversation.raw(block);
  await conversation.raw('\r\n.\r\n');
  const reply = await conversation.reply();
  t.regex(reply.text, /^552 5\.3\.4 /);
  conversation.close();
  t.false((await subjects(box, 'me@example.com')).includes('too large'));
});
