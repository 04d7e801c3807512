/** The box relays for nobody: every known way to ask it to, on port 25 and on 587 without a log-in. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { Conversation, type Reply } from './world/conversation.ts';
import { makeLab, neighbour } from './world/lab.ts';
import { queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-open-relay'));
/** The neighbour is where relayed mail would arrive. */
const sinkOwner = lab.then(({ owner }) => neighbour(owner));
const ready = Promise.all([lab, sinkOwner]).then(async ([made, { owner, settings }]) => {
  const [box, sink] = await Promise.all([
    started(made, 'box', made.owner),
    started(made, 'sink', owner, settings),
  ]);
  return { box, sink };
});

const outside = 'you@outside.example';
const stranger = 'someone@client.outside.example';

interface Probe {
  readonly how: string;
  /** The RCPT command's argument, as it goes over the wire. */
  readonly to: string;
  readonly from?: string;
}

/** `BOX` and `SINK` stand for the two hosts' addresses. */
const probes: readonly Probe[] = [
  { how: 'plainly', to: `<${outside}>` },
  { how: 'without brackets', to: outside },
  { how: 'in upper case', to: `<${outside.toUpperCase()}>` },
  { how: 'as from this box’s own account', from: '<me@example.com>', to: `<${outside}>` },
  { how: 'as from nobody at this box’s domain', from: '<nobody@example.com>', to: `<${outside}>` },
  { how: 'as from the box’s administrator', from: `<administrator@${hostname}>`, to: `<${outside}>` },
  { how: 'as from root', from: `<root@${hostname}>`, to: `<${outside}>` },
  { how: 'as from the box’s address literal', from: '<root@[BOX]>', to: `<${outside}>` },
  { how: 'as from localhost', from: '<root@localhost>', to: `<${outside}>` },
  { how: 'from the null sender, as a bounce is', from: '<>', to: `<${outside}>` },
  { how: 'from an unqualified sender', from: '<me>', to: `<${outside}>` },
  { how: 'from the recipient itself', from: `<${outside}>`, to: `<${outside}>` },
  { how: 'to its postmaster', to: '<postmaster@outside.example>' },
  { how: 'percent hack at the domain', to: '<you%outside.example@example.com>' },
  { how: 'percent hack at the host', to: `<you%outside.example@${hostname}>` },
  { how: 'percent hack at localhost', to: '<you%outside.example@localhost>' },
  { how: 'percent hack at the address literal', to: '<you%outside.example@[BOX]>' },
  { how: 'percent hack at the loopback literal', to: '<you%outside.example@[127.0.0.1]>' },
  { how: 'percent hack without a host', to: '<you%outside.example>' },
  { how: 'percent hack, twice', to: `<you%outside.example%example.com@${hostname}>` },
  { how: 'percent hack for postmaster', to: '<postmaster%outside.example@[BOX]>' },
  { how: 'quoted address at the domain', to: '<"you@outside.example"@example.com>' },
  { how: 'quoted address at the host', to: `<"you@outside.example"@${hostname}>` },
  { how: 'quoted address at the literal', to: '<"you@outside.example"@[BOX]>' },
  { how: 'quoted address without a host', to: '<"you@outside.example">' },
  { how: 'quoted percent hack', to: '<"you%outside.example"@example.com>' },
  { how: 'quoted, escaped at sign', to: '<"you\\@outside.example"@example.com>' },
  { how: 'two at signs, this box last', to: '<you@outside.example@example.com>' },
  { how: 'two at signs, this box first', to: '<you@example.com@outside.example>' },
  { how: 'escaped at sign', to: '<you\\@outside.example@example.com>' },
  { how: 'bang path', to: '<outside.example!you>' },
  { how: 'bang path at the domain', to: '<outside.example!you@example.com>' },
  { how: 'bang path at the literal', to: '<outside.example!you@[BOX]>' },
  { how: 'bang path through this box', to: '<example.com!outside.example!you>' },
  { how: 'bang path and percent hack', to: '<outside.example!you%example.com@[BOX]>' },
  { how: 'DECnet path', to: '<outside::you>' },
  { how: 'source route through the domain', to: '<@example.com:you@outside.example>' },
  { how: 'source route through the host', to: `<@${hostname}:you@outside.example>` },
  { how: 'source route through the literal', to: '<@[BOX]:you@outside.example>' },
  { how: 'source route through localhost', to: '<@localhost:you@outside.example>' },
  { how: 'source route, twice', to: `<@example.com,@${hostname}:you@outside.example>` },
  { how: 'source route with a percent hack', to: '<@example.com:you%outside.example@[BOX]>' },
  { how: 'source route without an end', to: '<@outside.example>' },
  { how: 'the other’s IPv4 literal', to: '<you@[SINK]>' },
  { how: 'the other’s IPv4 address bare', to: '<you@SINK>' },
  { how: 'the other’s address as a number', to: '<you@#3325256715>' },
  { how: 'an IPv6 literal', to: '<you@[IPv6:2001:db8::1]>' },
  { how: 'an IPv4 address in an IPv6 literal', to: '<you@[IPv6:::ffff:SINK]>' },
  { how: 'a host name as a literal', to: '<you@[outside.example]>' },
  { how: 'the other host by name', to: '<you@box.outside.example>' },
  { how: 'a final dot', to: '<you@outside.example.>' },
  { how: 'two final dots', to: '<you@outside.example..>' },
  { how: 'a dot before this domain', to: '<you@outside.example.example.com>' },
  { how: 'this domain as a prefix', to: '<you@example.com.outside.example>' },
  { how: 'a space within', to: '<you@outside.example >' },
  { how: 'spaces around the at sign', to: '<you @ outside.example>' },
  { how: 'a tab within', to: '<\tyou@outside.example>' },
  { how: 'two brackets', to: '<<you@outside.example>>' },
  { how: 'a comment with this domain', to: '<you@outside.example (me@example.com)>' },
  { how: 'a comment within the name', to: '<you(me@example.com)@outside.example>' },
  { how: 'two addresses in one bracket', to: '<me@example.com,you@outside.example>' },
  { how: 'a second address behind', to: '<me@example.com> <you@outside.example>' },
  { how: 'a second address with a comma', to: '<me@example.com>,<you@outside.example>' },
  { how: 'a group', to: '<group:me@example.com,you@outside.example;>' },
  { how: 'a display name', to: 'Me <me@example.com> <you@outside.example>' },
  { how: 'a NUL behind the domain', to: '<you@outside.example\0@example.com>' },
  { how: 'a carriage return behind the domain', to: '<you@outside.example\r@example.com>' },
  { how: 'a recipient parameter', to: `<${outside}> NOTIFY=NEVER ORCPT=rfc822;me@example.com` },
  { how: 'an unknown parameter', to: `<${outside}> AUTH=me@example.com` },
  {
    how: 'a sender parameter for a log-in',
    from: '<me@example.com> AUTH=me@example.com',
    to: `<${outside}>`,
  },
  { how: 'a sender parameter without a log-in', from: '<me@example.com> AUTH=<>', to: `<${outside}>` },
  { how: 'a pipe', to: '<"|/usr/sbin/sendmail you@outside.example"@localhost>' },
  { how: 'an include file', to: '<":include:/etc/passwd"@localhost>' },
];

/** Other ways to begin, each before a plain request to relay. */
const beginnings: readonly (readonly [how: string, ...lines: string[]])[] = [
  ['as localhost', 'EHLO localhost'],
  ['as the box itself', `EHLO ${hostname}`],
  ['as the box’s literal', 'EHLO [BOX]'],
  ['as a loopback literal', 'EHLO [127.0.0.1]'],
  ['with HELO', `HELO ${hostname}`],
  [
    'after XCLIENT',
    'EHLO x.example',
    'XCLIENT ADDR=127.0.0.1 NAME=localhost LOGIN=me@example.com',
    'EHLO x.example',
  ],
  ['after XFORWARD', 'EHLO x.example', 'XFORWARD ADDR=127.0.0.1 NAME=localhost SOURCE=LOCAL'],
  ['after AUTH', 'EHLO x.example', 'AUTH PLAIN AG1lQGV4YW1wbGUuY29tAA=='],
  ['after AUTH EXTERNAL', 'EHLO x.example', 'AUTH EXTERNAL ='],
  ['after AUTH ANONYMOUS', 'EHLO x.example', 'AUTH ANONYMOUS eA=='],
  ['after a refused mail', 'EHLO x.example', 'MAIL FROM:<a@nowhere.invalid>', `RCPT TO:<${outside}>`, 'RSET'],
  ['after an accepted mail', 'EHLO x.example', `MAIL FROM:<${stranger}>`, 'RCPT TO:<me@example.com>', 'RSET'],
  ['after TURN', 'EHLO x.example', 'TURN'],
];

const ports = [
  { port: 25, tls: false, what: 'port 25' },
  { port: 25, tls: true, what: 'port 25 after STARTTLS' },
  { port: 587, tls: false, what: 'port 587' },
  { port: 587, tls: true, what: 'port 587 after STARTTLS' },
];

test('the sink takes mail: what is relayed would be seen', async (t) => {
  const { box, sink } = await ready;
  const conversation = await Conversation.open(box, 587, { tls: true });
  await conversation.begin();
  await conversation.begin((await lab).owner);
  const reply = await conversation.mail('me@example.com', outside, 'Subject: rightly sent\r\n\r\nx');
  t.is(reply.code, 250, reply.text);
  conversation.close();
  await queueIsEmpty(box);
  t.deepEqual(await subjects(sink, outside), ['rightly sent']);
});

for (const { port, tls, what } of ports) {
  test(`${what}: ${probes.length} ways to name a recipient elsewhere are refused`, async (t) => {
    for (const probe of probes) {
      const replies = await relay(port, tls, ['EHLO x.example'], probe);
      t.true(isRefused(replies), `${probe.how}:\n${replies.map(({ text }) => text).join('\n')}`);
    }
  });

  test(`${what}: ${beginnings.length} ways to begin change nothing`, async (t) => {
    for (const [how, ...lines] of beginnings) {
      const replies = await relay(port, tls, lines, { how, to: `<${outside}>` });
      t.true(isRefused(replies), `${how}:\n${replies.map(({ text }) => text).join('\n')}`);
    }
  });
}

test('no second recipient slips in behind one that is taken', async (t) => {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 25);
  await conversation.begin();
  await conversation.say(`MAIL FROM:<${stranger}>`);
  t.is((await conversation.say('RCPT TO:<me@example.com>')).code, 250);
  t.is((await conversation.say(`RCPT TO:<${outside}>`)).code, 554);
  t.is((await conversation.say('DATA')).code, 354);
  // Header fields are no envelope.
  await conversation.raw(
    `Subject: headers only\r\nTo: ${outside}\r\nBcc: ${outside}\r\nResent-To: ${outside}\r\n\r\nx\r\n.\r\n`,
  );
  t.is((await conversation.reply()).code, 250);
  await conversation.quit();
  t.true((await subjects(box, 'me@example.com')).includes('headers only'));
});

test('a mail that is refused returns nothing to its forged sender', async (t) => {
  const { box } = await ready;
  for (const to of [
    'nobody@example.com',
    `nobody@${hostname}`,
    'stranger@[BOX]',
    'www-data@[BOX]',
    'you%outside.example@[BOX]',
  ]) {
    const replies = await relay(25, false, ['EHLO x.example'], {
      how: to,
      from: `<${outside}>`,
      to: `<${to}>`,
    });
    t.true(isRefused(replies), to);
  }
  await queueIsEmpty(box);
});

test('afterwards nothing waits, and nothing has reached the sink', async (t) => {
  const { box, sink } = await ready;
  await queueIsEmpty(box);
  t.deepEqual(await subjects(sink, outside), ['rightly sent']);
  const log = await sink.run('cat /var/log/mail.log');
  const connections = log
    .split('\n')
    .filter((line) => line.includes(' connect from ') && line.includes(box.host));
  // One for the mail that was rightly sent; the box asked the sink for nothing else.
  t.is(connections.length, 1, connections.join('\n'));
  const inbox = await subjects(box, 'me@example.com');
  t.deepEqual(inbox, ['headers only'], 'no bounce and no stray copy came to the administrator either');
});

/** Asks to relay a whole mail, goes on whatever is answered, and gives the replies from MAIL on. */
async function relay(
  port: number,
  tls: boolean,
  beginning: readonly string[],
  probe: Probe,
): Promise<Reply[]> {
  const { box, sink } = await ready;
  const real = (text: string) => text.replaceAll('BOX', box.host).replaceAll('SINK', sink.host);
  const conversation = await Conversation.open(box, port, { tls });
  try {
    for (const line of beginning) await conversation.say(real(line));
    const mail = await conversation.say(`MAIL FROM:${real(probe.from ?? `<${stranger}>`)}`);
    const rcpt = await conversation.say(`RCPT TO:${real(probe.to)}`);
    const data = await conversation.say('DATA');
    if (data.code !== 354) return [mail, rcpt, data];
    await conversation.raw(`Subject: relayed ${probe.how}\r\n\r\nx\r\n.\r\n`);
    return [mail, rcpt, data, await conversation.reply()];
  } finally {
    conversation.close();
  }
}

/** Refused for good, or hung up on: no recipient was taken and no data asked for. */
function isRefused([mail, rcpt, data]: readonly Reply[]): boolean {
  const no = (reply?: Reply) => reply !== undefined && (reply.code >= 500 || reply.code === 0);
  return no(rcpt) && no(data) && (no(mail) || mail?.code === 250);
}
