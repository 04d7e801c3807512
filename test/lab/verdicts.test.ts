/** What SPF and DMARC say of a stranger's mail decides alone, and no stranger says it in the box's name. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { Conversation } from './world/conversation.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started, subjects } from './world/started.ts';
import { header, likesEverything, Strangers } from './world/strangers.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-verdicts');
const ready = makeLab(kept).then(async (lab) => {
  const strangers = await Strangers.of(lab);
  const client = await strangers.client(80);
  const spf = `v=spf1 ip4:${client.address} -all`;
  await strangers.domain('forger.example', { spf });
  await strangers.domain('open.example', { spf, dmarc: 'v=DMARC1; p=none' });
  await strangers.domain('quarantine.example', { spf: 'v=spf1 -all', dmarc: 'v=DMARC1; p=quarantine' });
  await strangers.domain('reject.example', { spf: 'v=spf1 -all', dmarc: 'v=DMARC1; p=reject' });
  await strangers.domain('parent.org', { dmarc: 'v=DMARC1; p=none; sp=quarantine' });
  await strangers.domain('strict.example', { spf: 'v=spf1 ip4:198.51.100.250 -all' });
  const box = await started(lab, 'box', lab.owner);
  await likesEverything(box);
  // What the box says of its own domain, where the lab's resolvers look: it is not delegated here.
  const key = await box.run('cat /home/user-data/mail/dkim/mail.txt');
  const strings = key.match(/"[^"]*"/g)?.join(' ') ?? '';
  await lab.zone.publish([
    `mail._domainkey.example.com. TXT ${strings}`,
    '_dmarc.example.com. TXT "v=DMARC1; p=quarantine"',
  ]);
  const you = await addAccount(box, lab.owner, 'you@example.com');
  const reader = await Reader.of(box, hostname, lab.owner, box.folder);
  return { lab, box, client, me: lab.owner, you, reader };
});

/** Sends these lines as a mail's header from the strangers' address; gives the server's last word. */
async function send(
  from: string,
  subject: string,
  lines: readonly string[],
  body = 'Hello.\r\n',
): Promise<number> {
  const { box, client, me } = await ready;
  const [conversation] = await Conversation.from(client.address, box, 25);
  await conversation.say(`EHLO ${client.helo}`);
  const head = [...lines, `Subject: ${subject}`, `Date: ${new Date().toUTCString()}`, `To: ${me.email}`];
  const { code } = await conversation.mail(from, me.email, [...head, '', body].join('\r\n'));
  conversation.close();
  return code;
}

/** Sends a mail and gives it as it lies in the folder. */
async function arrives(
  folder: 'INBOX' | 'Spam',
  from: string,
  lines: readonly string[],
  body?: string,
): Promise<string> {
  const subject = `to ${folder} ${Date.now()}`;
  const code = await send(from, subject, lines, body);
  if (code !== 250) throw new Error(`${from}: ${code}`);
  return (await ready).reader.imap(subject, 60, folder);
}

const forger = 'a@forger.example';
const big = 'x'.repeat(998).concat('\r\n').repeat(2500);

const forgeries = [
  ['a domain that says quarantine', forger, ['From: a@quarantine.example']],
  ['a domain that says reject', forger, ['From: a@reject.example']],
  ['a domain whose parent says quarantine for it', forger, ['From: a@sub.parent.org']],
  ['the box’s own domain', forger, ['From: The owner <me@example.com>']],
  ['a domain in a mail too large for the filter', forger, ['From: a@reject.example'], big],
  ['one author of two fields', forger, ['From: a@forger.example', 'From: a@reject.example']],
  ['one author of two in a field', forger, ['From: a@forger.example, a@reject.example']],
  [
    'an author behind a very long name',
    forger,
    [`From: "${'x'.repeat(900)}\r\n ${'x'.repeat(900)}\r\n ${'x'.repeat(900)}" <a@reject.example>`],
  ],
  ['the sender of the envelope, whose domain forbids it', 'a@strict.example', ['From: a@known.example']],
  [
    'a sender that is its domain’s, in a mail too large for the filter',
    'a@strict.example',
    ['From: a@known.example'],
    big,
  ],
] as const;

test('forged into Spam, however much else speaks for the mail', async (t) => {
  for (const [what, from, lines, body] of forgeries) {
    const mail = await arrives('Spam', from, lines, body).catch((error: Error) => error.message);
    t.regex(mail, /^Received:/m, what);
    if (body !== big) t.regex(header(mail, 'X-Spam-Status'), /LAB_LIKED/, what);
    t.notRegex(mail, /RCVD_ILLEGAL_IP/, what);
  }
});

test('what nobody disowns is in the inbox: a policy of none, a domain that says nothing, a mail of its domain', async (t) => {
  t.regex(await arrives('INBOX', forger, ['From: List <a@open.example>']), /dmarc=fail \(p=none/);
  t.regex(await arrives('INBOX', forger, ['From: a@forger.example']), /dmarc=none/);
  t.regex(await arrives('INBOX', 'a@open.example', ['From: "A, B" <a@open.example>']), /dmarc=pass/);
  t.notRegex(await arrives('INBOX', 'a@open.example', ['From: a@open.example'], big), /^X-Spam-/m);
});

test('a forwarded mail is in the inbox: SPF fails, and its author’s domain stands by it with a signature', async (t) => {
  const { box, me, you, reader } = await ready;
  const subject = `forwarded ${Date.now()}`;
  await deliver(box, 587, { from: you.email, to: me.email, subject, auth: you, tls: 'required' });
  const signed = await reader.imap(subject);
  const from = signed.search(/^DKIM-Signature:/m);
  t.true(from > 0);
  await reader.move(subject, 'INBOX', 'Archive');
  const [conversation] = await Conversation.from((await ready).client.address, box, 25);
  await conversation.say('EHLO forwarder.example');
  const text = signed.slice(from).replace(/^X-Spam-.*\r?\n(?:[ \t].*\r?\n)*/gm, '');
  t.is((await conversation.mail('a@strict.example', me.email, text.trimEnd())).code, 250);
  conversation.close();
  const mail = await reader.imap(subject);
  t.regex(mail, /^Authentication-Results: box\.example\.com;\s+spf=fail/m);
  t.regex(mail, /^Authentication-Results: box\.example\.com;\s+dmarc=pass/m);
  t.notRegex(header(mail, 'X-Spam-Status'), /\bBOX_SPF_FAIL/);
});

/** RFC 8601, section 2.2, and what readers of it make of less. */
const inOurName = (name: string): readonly string[] => [
  `Authentication-Results: ${name}; dmarc=pass x=1`,
  `AUTHENTICATION-RESULTS: ${name.toUpperCase()}; dmarc=pass x=2`,
  `Authentication-Results : ${name}; dmarc=pass x=3`,
  `Authentication-Results:${name} 1; dmarc=pass x=4`,
  `Authentication-Results: ${name}.; dmarc=pass x=5`,
  `Authentication-Results:\r\n ${name};\r\n\tdmarc=pass x=6`,
  `Authentication-Results: "${name}"; dmarc=pass x=7`,
  `Authentication-Results: "${name.replace('o', '\\o')}"; dmarc=pass x=8`,
  `Authentication-Results: (a comment) ${name}; dmarc=pass x=9`,
  `Authentication-Results: (one (in; another)) (\\)) "${name}" (;) 1; dmarc=pass x=10`,
  `Authentication-Results: ${name} (a comment) ; dmarc=pass x=11`,
  `Authentication-Results: mx.other.example (${name}); dmarc=pass x=12`,
  `Authentication-Results: (${name}) mx.other.example; dmarc=pass x=13`,
  `Authentication-Results: ${name.replace('.', '(a comment).')}; dmarc=pass x=14`,
  `Authentication-Results: =?utf-8?q?${name.replace('.', '=2E')}=3B?= dmarc=pass x=15`,
  `Authentication-Results: mx.other.example; a=b =?utf-8?q?=0A${name.replace('.', '=2E')}=3B_?= dmarc=pass x=16`,
  `Authentication-Results: mx.other.example;\r\n ${name}; dmarc=pass x=17`,
  `Authentication-Results: (${'('.repeat(5000)}${name}; dmarc=pass x=18`,
  `Authentication-Results: ${' '.repeat(900)}\r\n ${' '.repeat(900)}\r\n ${name}; dmarc=pass x=19`,
  'Authentication-Results: dmarc=pass x=20',
  `Received-SPF: pass (${name}: forged) x=21`,
  'X-Spam-Status: No, score=-99 x=22',
  'X-Spam-Flag: NO x=23',
];
const anothers = 'Authentication-Results: mx.other.example 1 (a filter); dkim=fail (bad) header.d=a.example';

test('no stranger says anything in the box’s name, however it is written; what another server says stays', async (t) => {
  const lines = ['From: a@quarantine.example', ...inOurName(hostname), anothers];
  for (const body of ['Hello.\r\n', big]) {
    const mail = await arrives('Spam', forger, lines, body);
    t.deepEqual(mail.match(/x=\d+/g), null);
    t.notRegex(mail, /dmarc=pass|BOX_DMARC_PASS/);
    t.true(mail.includes(anothers));
  }
});

test('nor can a DKIM verdict be made up so, with which DMARC would pass', async (t) => {
  for (const name of [`"${hostname}"`, `(a) ${hostname}`, `${hostname} 1`]) {
    const made = `Authentication-Results: ${name}; dkim=pass header.d=reject.example header.s=mail`;
    const mail = await arrives('Spam', forger, ['From: a@reject.example', made]);
    t.regex(mail, /dmarc=fail \(p=reject/);
  }
});

test('an account’s own mail says nothing of the kind either', async (t) => {
  const { box, me, you, reader } = await ready;
  const subject = `said by you ${Date.now()}`;
  const headers = { 'Authentication-Results': `${hostname}; dmarc=fail (p=reject dis=none)` };
  await deliver(box, 587, { from: you.email, to: me.email, subject, headers, auth: you, tls: 'required' });
  t.notRegex(await reader.imap(subject), /dmarc=fail/);
  t.true((await subjects(box, me.email)).length > 0);
});
