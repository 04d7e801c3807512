/** What a stranger can have the box send to somebody else, whose address is in the envelope: nothing. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { waitFor } from '../rig/wait.ts';
import { Conversation, type Reply } from './world/conversation.ts';
import { makeLab } from './world/lab.ts';
import type { LabMta } from './world/mta.ts';
import { honest, pretender } from './world/senders.ts';
import { addAccount, queueIsEmpty, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-backscatter'));
const ready = lab.then(async (made) => {
  const [victim, silent, genuine, far] = await Promise.all([
    made.mta({ domain: 'victim.example', tls: 'none' }),
    made.mta({ domain: 'silent.example', tls: 'none' }),
    made.mta({ domain: 'genuine.example', tls: 'none' }),
    made.mta({
      domain: 'far.example',
      tls: 'none',
      settings: { smtpd_recipient_restrictions: 'reject' },
    }),
  ]);
  await made.zone.publish([
    'victim.example. TXT "v=spf1 mx -all"',
    `genuine.example. TXT "v=spf1 ip4:${honest.address} -all"`,
  ]);
  const box = await started(made, 'box', made.owner);
  const you = await addAccount(box, made.owner, 'you@example.com');
  // The far side takes nothing: what is forwarded to it can't be delivered.
  await box.run('box alias add gone@example.com somebody@far.example');
  return { box, me: made.owner, you, victim, silent, genuine, far };
});

/** Says a mail on port 25 that is from `from` if one believes it, with these parameters of DSN (RFC 3461). */
async function says(
  t: ExecutionContext,
  mail: { from: string; to: string; subject: string; body?: string; client?: typeof honest },
): Promise<void> {
  const { box } = await ready;
  const client = mail.client ?? pretender;
  const [conversation] = await Conversation.from(client.address, box, 25);
  await conversation.say(`EHLO ${client.helo}`);
  // Complete, so that it is not put aside as spam for that.
  const header = [
    `From: <${mail.from}>`,
    `To: <${mail.to}>`,
    `Date: ${new Date().toUTCString()}`,
    `Message-ID: <${Date.now()}@client.outside.example>`,
    `Subject: ${mail.subject}`,
  ];
  const text = `${header.join('\r\n')}\r\n\r\n${mail.body ?? 'Shall we meet on Monday?'}`;
  const reply = await conversation.mail(mail.from, mail.to, text);
  t.is(reply.code, 250, reply.text);
  conversation.close();
  await queueIsEmpty(box);
}

/** Puts a Sieve script in force for an account. */
async function setFilter(email: string, script: string): Promise<void> {
  const [name = '', domain = ''] = email.split('@');
  const folder = `/home/user-data/mail/sieve/${domain}`;
  const file = `${folder}/${name}.sieve`;
  await (await ready).box.run(
    `install -d -o mail -g mail ${folder} && cat >${file} && chown mail:mail ${file}`,
    script,
  );
}

/** How often the far side has refused a mail. */
async function refusals(): Promise<number> {
  const log = await (await ready).box.run('cat /var/log/mail.log');
  return log.match(/to=<somebody@far\.example>.* status=bounced/g)?.length ?? 0;
}

/** What has been reported to this server's people. */
const reports = (mta: LabMta) => mta.mails().filter((mail) => mail.includes('MAILER-DAEMON'));

test('no report on success can be asked for on port 25: neither is it offered, nor its words taken', async (t) => {
  const { box, me, victim } = await ready;
  for (const hello of ['EHLO', 'HELO']) {
    const [conversation] = await Conversation.from(pretender.address, box, 25);
    t.notRegex((await conversation.say(`${hello} ${pretender.helo}`)).text, /DSN/i);
    const refused = async (line: string) =>
      t.regex((await conversation.say(line)).text, /^501 5\.7\.1/, line);
    const from = 'MAIL FROM:<someone@victim.example>';
    await refused(`${from} RET=FULL`);
    await refused(`${from} ENVID=buy-this`);
    t.is((await conversation.say(from)).code, 250);
    for (const notify of ['SUCCESS', 'success,delay', 'FAILURE', 'DELAY', 'NEVER'])
      await refused(`RCPT TO:<${me.email}> NOTIFY=${notify}`);
    await refused(`RCPT TO:<${me.email}> ORCPT=rfc822;buy@this.example`);
    conversation.close();
  }
  await queueIsEmpty(box);
  t.deepEqual(victim.mails(), []);
});

test('a person who logged in gets the report on success that was asked for', async (t) => {
  const { box, me, you } = await ready;
  const conversation = await Conversation.open(box, 587, { tls: true });
  t.regex((await conversation.begin()).text, /^250[ -]DSN/m);
  await conversation.begin(me);
  const said: Reply[] = [];
  for (const line of [`MAIL FROM:<${me.email}>`, `RCPT TO:<${you.email}> NOTIFY=SUCCESS`, 'DATA'])
    said.push(await conversation.say(line));
  await conversation.raw(`From: ${me.email}\r\nSubject: with a receipt\r\n\r\nHello.\r\n.\r\n`);
  said.push(await conversation.reply());
  t.deepEqual(
    said.map(({ code }) => code),
    [250, 250, 354, 250],
  );
  conversation.close();
  t.deepEqual(await subjects(box, you.email), ['with a receipt']);
  await waitFor('the report', async () =>
    (await subjects(box, me.email)).includes('Successful Mail Delivery Report') ? true : undefined,
  );
});

test('a forwarded mail that the far side refuses is reported to a sender whom SPF speaks for, and to nobody else', async (t) => {
  const { box, victim, silent, genuine } = await ready;
  const to = 'gone@example.com';
  await says(t, { from: 'a@victim.example', to, subject: 'forged, and SPF says so' });
  await says(t, { from: 'a@silent.example', to, subject: 'from a domain without SPF' });
  const long = 'x'.repeat(70).concat('\r\n').repeat(1500);
  await says(t, { from: 'a@victim.example', to, subject: 'too long to be returned whole', body: long });
  // What claims to have passed already is no better.
  const claim = 'Authentication-Results: box.example.com; spf=pass smtp.mailfrom=a@victim.example';
  await says(t, { from: 'a@victim.example', to, subject: `claiming\r\n${claim}` });
  await says(t, { from: 'a@genuine.example', to, subject: 'from whom it says', client: honest });
  await waitFor('the report', async () => (reports(genuine).length > 0 ? true : undefined));
  await queueIsEmpty(box);
  t.is(await refusals(), 5);
  t.deepEqual([reports(victim).length, reports(silent).length, reports(genuine).length], [0, 0, 1]);
});

test('what a mailbox has no room for, where the door does not look, is reported at its end to the same senders only', async (t) => {
  const { box, me, you, victim, genuine } = await ready;
  const small = await addAccount(box, me, 'small@example.com');
  await box.run(
    `box account quota ${small.email} 30720 && box alias add both@example.com '${you.email},${small.email}'`,
  );
  const from = 'd@genuine.example';
  await says(t, {
    from,
    to: small.email,
    subject: 'fills it',
    body: 'x'.repeat(70).concat('\r\n').repeat(600),
    client: honest,
  });
  // Dovecot does not tell a full mailbox from a full disk: both are put off. Here the two days are over at once.
  await box.run('postconf maximal_queue_lifetime=0 && postfix reload');
  await says(t, { from: 'd@victim.example', to: 'both@example.com', subject: 'forged, for two' });
  await says(t, { from, to: 'both@example.com', subject: 'for two', client: honest });
  await waitFor('the report', async () =>
    reports(genuine).some((mail) => /^Subject: for two/m.test(mail)) ? true : undefined,
  );
  await box.run('postconf maximal_queue_lifetime=2d && postfix reload');
  t.deepEqual(reports(victim), []);
  t.deepEqual(
    (await subjects(box, you.email)).filter((subject) => subject.endsWith('for two')),
    ['for two', 'forged, for two'],
  );
});

test('what a person’s own filter forwards in vain is not reported to a forged sender either', async (t) => {
  const { box, you, silent } = await ready;
  // What SPF forbids is put aside as spam, before any filter of a person's.
  await setFilter(you.email, 'redirect "somebody@far.example";');
  const before = await refusals();
  await says(t, { from: 'e@silent.example', to: you.email, subject: 'redirected' });
  await waitFor('it to be refused', async () => ((await refusals()) > before ? true : undefined));
  await queueIsEmpty(box);
  t.deepEqual(reports(silent), []);
  await setFilter(you.email, 'keep;');
});

test('a mail that waits is a reason to write to a person of the box, and to nobody outside', async (t) => {
  const { box, me, victim, genuine } = await ready;
  // Nobody listens there.
  await (await lab).zone.publish([`late.example. MX 10 client.outside.example.`]);
  await box.run(
    'postconf -e delay_warning_time=1s && postfix reload 2>&1 && box alias add later@example.com a@late.example',
  );
  const said = [reports(victim).length, reports(genuine).length];
  for (const [from, client] of [
    ['f@victim.example', pretender],
    ['f@genuine.example', honest],
  ] as const) {
    const [conversation] = await Conversation.from(client.address, box, 25);
    await conversation.say(`EHLO ${client.helo}`);
    t.is(
      (await conversation.mail(from, 'later@example.com', `From: ${from}\r\nSubject: waits\r\n\r\nx`)).code,
      250,
    );
    conversation.close();
  }
  const conversation = await Conversation.open(box, 587, { tls: true });
  await conversation.begin(me);
  const text = `From: ${me.email}\r\nSubject: waits\r\n\r\nx`;
  t.is((await conversation.mail(me.email, 'a@late.example', text)).code, 250);
  conversation.close();
  await waitFor('the warning', async () => {
    await box.run('postqueue -f');
    const found = await box.run(`doveadm -f flow fetch -u ${me.email} hdr.subject all`);
    return found.includes('Delayed Mail') ? true : undefined;
  });
  const waits = (await box.run('postqueue -j')).match(/"address": *"a@late\.example"/g) ?? [];
  t.is(waits.length, 3, 'all of them wait');
  await box.run('postsuper -d ALL 2>&1; postconf -e delay_warning_time=3h && postfix reload 2>&1');
  t.deepEqual([reports(victim).length, reports(genuine).length], said);
});

test('nobody is told of a vacation by a mail that was put aside as spam', async (t) => {
  const { me, victim } = await ready;
  await setFilter(me.email, 'require ["vacation"]; vacation :days 1 :subject "Away" "Back on Monday.";');
  const gtube = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X';
  await says(t, { from: 'b@victim.example', to: me.email, subject: 'spam', body: gtube });
  t.deepEqual(
    victim.mails().filter((mail) => mail.includes('Away')),
    [],
  );
  await says(t, { from: 'c@genuine.example', to: me.email, subject: 'a question', client: honest });
  const { genuine } = await ready;
  await waitFor('the answer', async () =>
    genuine.mails().some((mail) => /^Subject: Away/m.test(mail)) ? true : undefined,
  );
});
