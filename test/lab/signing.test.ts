/** The box signs what an account of it wrote, and nothing else: who may be the author, and what is only passed on. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import type { Account } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { Conversation, type Reply } from './world/conversation.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import { addAccount, queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-signing'));
const hidden = 'hidden@far.example';
const ready = lab.then(async (made) => {
  const [box, far, home] = await Promise.all([
    started(made, 'box', made.owner),
    // Where mail is forwarded to, and where the stranger reads theirs.
    made.mta({ domain: 'far.example', tls: 'none' }),
    made.mta({ domain: 'home.example', tls: 'none' }),
  ]);
  const record = await box.run('cat /home/user-data/mail/dkim/mail.txt');
  const strings = [...record.matchAll(/"[^"]*"/g)].map(([text]) => text).join(' ');
  await made.zone.publish([
    // A bounce goes only to whom SPF speaks for.
    `home.example. TXT "v=spf1 ip4:${outsideAddress} -all"`,
    `mail._domainkey.example.com. TXT ${strings}`,
    `mail._domainkey.${hostname}. TXT ${strings}`,
  ]);
  const me: Account = made.owner;
  const you = await addAccount(box, made.owner, 'you@example.com');
  await box.run(`box alias add away@example.com ${hidden}
    box alias add lost@example.com nobody@nowhere.far.example
    box alias add news@example.com me@example.com --permitted-senders you@example.com
    box alias add @caught.example you@example.com
    box alias add boss@caught.example me@example.com`);
  return { box, far, home, me, you };
});

/** Submits a mail with these header lines; port 465 and webmail go by the same door. */
async function submits(
  account: Account,
  from: string,
  header: string,
  to = 'me@example.com',
): Promise<Reply> {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 587, { tls: true });
  await conversation.begin();
  await conversation.begin(account);
  const reply = await conversation.mail(from, to, `${header}\r\n\r\nHello.`);
  conversation.close();
  return reply;
}

/** A stranger's mail on port 25. */
async function comes(to: string, subject: string, from: string, author: string, more = ''): Promise<Reply> {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 25);
  await conversation.begin();
  const mail = `From: ${author}\r\nTo: ${to}\r\nSubject: ${subject}\r\nMessage-ID: <${subject}@home.example>\r\n${more}\r\nHello.`;
  const reply = await conversation.mail(from, to, mail);
  conversation.close();
  return reply;
}

async function script(owner: string, text: string): Promise<void> {
  const { box } = await ready;
  const [name, domain] = owner.split('@');
  const folder = `/home/user-data/mail/sieve/${domain}`;
  await box.run(
    `install -d -o mail -g mail ${folder} && cat >${folder}/${name}.sieve && chown mail:mail ${folder}/${name}.sieve`,
    text,
  );
}

const returnPath = (mail: string) => /^Return-Path: <(.*)>/m.exec(mail)?.[1] ?? 'none';
const domainsThatSigned = (mail: string) =>
  [...mail.matchAll(/^DKIM-Signature:(?:.*\r?\n[ \t])*?.*?\bd=([\w.-]+)/gm)].map(([, domain]) => domain);

async function answers(
  t: ExecutionContext,
  account: Account,
  from: string,
  table: readonly (readonly [string, RegExp])[],
) {
  for (const [header, reply] of table) {
    const { text } = await submits(account, from, header);
    t.regex(text, reply, `${account.email}: ${header}`);
  }
}

const no = /^553 5\.7\.1 /;
const yes = /^250 /;

test('From: and Sender: must be addresses of who logged in, however they are written', async (t) => {
  const { me, you } = await ready;
  await answers(t, you, 'you@example.com', [
    ['From: you@example.com', yes],
    ['From: "A name, with a comma" <YOU@Example.com>', yes],
    ['From: you+tag@example.com', yes],
    ['From: =?utf-8?q?J=C3=BCrgen?= <you@example.com>', yes],
    ['From: news@example.com', yes],
    ['From: you@example.com\r\nSender: news@example.com', yes],
    ['Subject: a program that leaves From: to the server', yes],
    ['From: me@example.com', no],
    ['From: you@example.com, me@example.com', no],
    ['From: me@example.com, you@example.com', no],
    ['From: you@example.com\r\nFrom: me@example.com', no],
    ['From: you@example.com\r\nfrom : me@example.com', no],
    ['From: me@example.com\r\nSender: you@example.com', no],
    ['From: you@example.com\r\nSender: me@example.com', no],
    ['From: you@example.com\r\nResent-From: me@example.com', no],
    ['From: you@example.com\r\nResent-Sender: me@example.com', no],
    ['From:\r\n me@example.com', no],
    ['From: "you@example.com" <me@example.com>', no],
    ['From: you@example.com <me@example.com>', no],
    ['From: (you@example.com) me@example.com', no],
    ['From: team: you@example.com, me@example.com;', no],
    ['From: undisclosed:;', no],
    ['From: <>', no],
    ['From:', no],
    ['From: =?utf-8?q?me=40example=2Ecom?=', no],
    ['From: "m\\e"@example.com', no],
    ['From: me @ example . com', no],
    ['From: <@you.example:me@example.com>', no],
    ['From: you@example.com me@example.com', no],
    ['From: m\xe9@example.com', no],
    ['From: postmaster@example.com', no],
    [`From: administrator@${hostname}`, no],
    ['From: someone@home.example', no],
    ['From: you@example.com\rFrom: me@example.com', /^55\d /],
  ]);
  // Who leads the domain's required names may answer for them.
  await answers(t, me, 'me@example.com', [
    ['From: postmaster@example.com', yes],
    [`From: administrator@${hostname}`, yes],
    ['From: news@example.com', no],
  ]);
});

test('a catch-all speaks for what is nobody’s, and for no name that keeps the domain', async (t) => {
  const { you } = await ready;
  for (const [from, reply] of [
    ['anything@caught.example', yes],
    ['boss@caught.example', no],
    ['postmaster@caught.example', no],
    ['Abuse+x@caught.example', no],
    ['hostmaster@caught.example', no],
  ] as const) {
    t.regex((await submits(you, from, `From: you@example.com`)).text, reply, `MAIL FROM ${from}`);
    t.regex((await submits(you, 'you@example.com', `From: ${from}`)).text, reply, `From: ${from}`);
  }
});

test('from nobody comes a receipt, and nothing else', async (t) => {
  const { you } = await ready;
  const receipt = 'Content-Type: multipart/report; report-type=disposition-notification; boundary=b';
  await answers(t, you, '', [
    [`From: you@example.com\r\n${receipt}`, yes],
    [
      `From: you@example.com\r\nContent-Type: multipart/report;\r\n boundary="b";\r\n report-type="Disposition-Notification"`,
      yes,
    ],
    ['From: you@example.com', no],
    [`From: me@example.com\r\n${receipt}`, no],
    [receipt, no],
    ['From: you@example.com\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b', no],
    [
      'From: you@example.com\r\nContent-Type: text/plain; x="multipart/report; report-type=disposition-notification"',
      no,
    ],
    [`From: you@example.com\r\nContent-Type: text/plain\r\n${receipt}`, no],
  ]);
});

test('while nobody can say who may send as whom, a mail is asked to come again', async (t) => {
  const { box, you } = await ready;
  await box.run('systemctl stop box-senders');
  const subject = `unchecked-${Date.now()}`;
  const { code } = await submits(you, 'you@example.com', `From: me@example.com\r\nSubject: ${subject}`);
  await box.run('systemctl start box-senders');
  t.true(code === 0 || (code >= 400 && code < 500), String(code));
  await waitFor('the service', async () =>
    (await submits(you, 'you@example.com', 'From: you@example.com')).code === 250 ? true : undefined,
  );
  t.false((await subjects(box, 'me@example.com')).includes(subject));
});

for (const [how, to] of [
  ['an alias', 'away@example.com'],
  ['a Sieve script', 'you@example.com'],
] as const) {
  test(`${how} passes a stranger’s mail on: unsigned, from an address that is the box’s and leads back`, async (t) => {
    const { far } = await ready;
    if (how === 'a Sieve script') await script(to, `redirect "${hidden}";\n`);
    const subject = `on-${how.replaceAll(' ', '-')}`;
    t.regex((await comes(to, subject, 'Stranger+Tag@home.example', 'stranger@home.example')).text, yes);
    const mail = await far.mail(subject);
    t.deepEqual(domainsThatSigned(mail), []);
    t.regex(
      returnPath(mail),
      new RegExp(`^SRS0=[a-z2-7]{10}=..=home\\.example=Stranger\\+Tag@${hostname}$`, 'i'),
    );
  });

  test(`${how} passes nothing on that says it is written here, and is not`, async (t) => {
    const { box, far } = await ready;
    const before = far.mails().length;
    for (const [from, author] of [
      ['x@home.example', 'me@example.com'],
      ['x@home.example', `someone@${hostname}`],
      ['me@example.com', 'me@example.com'],
      ['', 'me@example.com'],
      ['x@home.example', 'x@home.example, me@example.com'],
      ['x@home.example', 'x@sub.example.com'],
    ] as const) {
      const more = `Authentication-Results: ${hostname}; dmarc=pass header.from=example.com\r\nDKIM-Signature: v=1; a=rsa-sha256; d=example.com; s=mail; h=from; bh=eA==; b=eA==\r\n`;
      await comes(to, `forged-${how.replaceAll(' ', '-')}`, from, author, more);
    }
    await queueIsEmpty(box);
    t.deepEqual(far.mails().slice(before), []);
  });
}

test('what an account wrote is passed on with the signature that it had', async (t) => {
  const { far, me } = await ready;
  for (const to of ['away@example.com', 'you@example.com']) {
    const subject = `own-by-${to}`;
    t.regex(
      (await submits(me, 'me@example.com', `From: me@example.com\r\nSubject: ${subject}`, to)).text,
      yes,
    );
    const mail = await far.mail(subject);
    t.deepEqual(domainsThatSigned(mail), ['example.com']);
  }
});

test('a rewritten sender takes what comes back to it for its true one; a forged one takes nothing and relays nothing', async (t) => {
  const { box, far, home } = await ready;
  const subject = `round-${Date.now()}`;
  await comes('away@example.com', subject, 'stranger@home.example', 'stranger@home.example');
  const back = returnPath(await far.mail(subject));
  const report = (to: string) =>
    comes(
      to,
      'bounce',
      '',
      'MAILER-DAEMON@far.example',
      'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n' +
        `\r\n--b\r\n\r\n<${hidden}>: no such person\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nFinal-Recipient: rfc822;${hidden}\r\n` +
        `Original-Recipient: rfc822;away@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <${subject}@home.example>\r\n\r\n--b--\r\n`,
    );
  t.regex((await report(back)).text, yes);
  const told = await home.mail('Undelivered Mail Returned to Sender');
  t.is(returnPath(told), '');
  t.regex(told, /^From: Mail Delivery System <MAILER-DAEMON@box\.example\.com>/m);
  t.true(told.includes('away@example.com') && told.includes(`${subject}@home.example`), told);
  t.false(/hidden|far\.example/.test(told), told);
  t.deepEqual(domainsThatSigned(told), [hostname]);

  const unknown = /^5\d\d 5\.1\.1 |^550 /;
  for (const forged of [
    back.replace('home.example', 'other.example'),
    back.replace(/^(SRS0=)./i, (_, start) => `${start}${back[5] === 'a' ? 'b' : 'a'}`),
    `SRS0=aaaaaaaaaa=aa=home.example=stranger@${hostname}`,
    back.replace('SRS0', 'SRS1'),
  ])
    t.regex((await report(forged)).text, unknown, forged);
  for (const elsewhere of [back.replace(hostname, 'far.example'), back.replace(hostname, 'returns.invalid')])
    t.regex((await report(elsewhere)).text, /^554 5\.7\.1 .*Relay access denied/, elsewhere);
  await queueIsEmpty(box);
});

test('the box’s own bounce tells the stranger nothing of where the mail was to go', async (t) => {
  const { home } = await ready;
  const before = home.mails().length;
  await comes('lost@example.com', 'lost', 'stranger@home.example', 'stranger@home.example');
  const told = await waitFor('the bounce', () => home.mails()[before]);
  t.false(/nobody|nowhere|far\.example/.test(told), told);
  t.true(told.includes('lost@example.com'), told);
});

test('a vacation answer is signed as its owner’s, and is not sent as anybody else', async (t) => {
  const { box, home } = await ready;
  await script('you@example.com', 'require "vacation";\nvacation :subject "away one" "I am away.";\n');
  await comes('you@example.com', 'first', 'stranger@home.example', 'stranger@home.example');
  const answer = await home.mail('away one');
  t.deepEqual(domainsThatSigned(answer), ['example.com']);
  t.is(returnPath(answer), '');
  await script(
    'you@example.com',
    'require "vacation";\nvacation :subject "away two" :from "me@example.com" "I am me.";\n',
  );
  await comes('you@example.com', 'second', 'stranger@home.example', 'stranger@home.example');
  t.true((await subjects(box, 'you@example.com')).includes('second'));
  t.deepEqual(
    home.mails().filter((mail) => mail.includes('away two')),
    [],
  );
  await script('you@example.com', 'keep;\n');
});

test('what root sends is signed; no other user of the machine sends, nor comes to the doors within', async (t) => {
  const { box, home } = await ready;
  await box.run(
    'sendmail -f administrator@box.example.com -t -i',
    `From: administrator@${hostname}\nTo: x@home.example\nSubject: by root\n\nHello.\n`,
  );
  t.deepEqual(domainsThatSigned(await home.mail('by root')), [hostname]);
  for (const user of ['www-data', 'box-webmail', 'box-panel', 'sogo', 'nobody']) {
    const as = `setpriv --reuid ${user} --regid ${user === 'nobody' ? 'nogroup' : user} --clear-groups`;
    const sent = await box.outcome(
      `${as} sendmail -f me@example.com -t -i`,
      'From: me@example.com\nTo: x@home.example\nSubject: no\n\n',
    );
    t.not(sent.code, 0, user);
    for (const port of [10027, 10028, 10029, 10030])
      t.not(
        (await box.outcome(`${as} bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'`)).code,
        0,
        `${user} at ${port}`,
      );
  }
});
