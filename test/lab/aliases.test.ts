/** Which addresses are whose: aliases, catch-alls, domain aliases, who may send as what, spellings, quotas. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { type Account, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { Conversation, type Reply } from './world/conversation.ts';
import { makeLab } from './world/lab.ts';
import { addAccount, started, subjects } from './world/started.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-aliases'));
const ready = lab.then(async (made) => {
  const box = await started(made, 'box', made.owner);
  const me: Account = made.owner;
  return { box, me, you: await addAccount(box, made.owner, 'you@example.com') };
});

/** Offers a mail for this recipient on port 25. */
async function arrives(to: string, subject: string, body = 'Hello.'): Promise<Reply> {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 25);
  await conversation.begin();
  const reply = await conversation.mail(box.stranger, to, `Subject: ${subject}\r\n\r\n${body}`);
  conversation.close();
  return reply;
}

/** Submits a mail on port 587 with this envelope sender. */
async function sends(account: Account, from: string, to: string, subject: string): Promise<Reply> {
  const { box } = await ready;
  const conversation = await Conversation.open(box, 587, { tls: true });
  await conversation.begin();
  await conversation.begin(account);
  const reply = await conversation.mail(from, to, `Subject: ${subject}\r\n\r\nHello.`);
  conversation.close();
  return reply;
}

/** Each recipient's mail reaches exactly these accounts. */
async function reaches(t: ExecutionContext, table: readonly (readonly [to: string, ...who: string[]])[]) {
  const { box, me, you } = await ready;
  for (const [to, ...who] of table) {
    const subject = `for ${Buffer.from(to).toString('hex').slice(-40)} ${Date.now()}`;
    const reply = await arrives(to, subject);
    t.is(reply.code, 250, `${to}: ${reply.text}`);
    const has = async ({ email }: Account) => (await subjects(box, email)).includes(subject);
    t.deepEqual(
      { me: await has(me), you: await has(you) },
      { me: who.includes('me'), you: who.includes('you') },
      to,
    );
  }
}

async function refuses(t: ExecutionContext, table: readonly (readonly [to: string, reply: RegExp])[]) {
  for (const [to, reply] of table) t.regex((await arrives(to, `must not arrive`)).text, reply, to);
}

const unknown = /^550 5\.1\.1 .*User unknown/;

test('an alias leads to one address, to several, and to another alias', async (t) => {
  const { box } = await ready;
  await box.run('box alias add sales@example.com you@example.com');
  await box.run('box alias add all@example.com me@example.com,you@example.com');
  await box.run('box alias add shop@example.com sales@example.com');
  await reaches(t, [
    ['sales@example.com', 'you'],
    ['all@example.com', 'me', 'you'],
    ['shop@example.com', 'you'],
    ['sales+summer@example.com', 'you'],
  ]);
  await refuses(t, [['nobody@example.com', unknown]]);
});

test('a catch-all takes what is nobody else’s', async (t) => {
  const { box } = await ready;
  await box.run('box alias add @caught.example you@example.com');
  await box.run('box alias add boss@caught.example me@example.com');
  await reaches(t, [
    ['anything@caught.example', 'you'],
    ['boss@caught.example', 'me'],
    ['postmaster@caught.example', 'me'],
  ]);
});

test('a domain alias: each name there is that name here, and mail for nobody is refused at the door', async (t) => {
  const { box } = await ready;
  await box.run('box alias add @other.example @example.com');
  await reaches(t, [
    ['you@other.example', 'you'],
    ['you+tag@other.example', 'you'],
    ['sales@other.example', 'you'],
    ['postmaster@other.example', 'me'],
  ]);
  await refuses(t, [
    ['nobody@other.example', unknown],
    [`"' OR 1=1 --"@other.example`, unknown],
  ]);
});

test('an alias that is removed takes no mail, and a domain without any other leaves with it', async (t) => {
  const { box } = await ready;
  await box.run(
    'box alias add brief@example.com me@example.com && box alias add x@gone.example me@example.com',
  );
  await box.run('box alias remove brief@example.com && box alias remove x@gone.example');
  await refuses(t, [
    ['brief@example.com', unknown],
    ['x@gone.example', /^554 5\.7\.1 .*Relay access denied/],
  ]);
  t.notRegex(await box.run('cat /etc/opendkim/SigningTable'), /gone\.example/);
});

test('postmaster, abuse, admin and hostmaster reach the administrator; postmaster also without a domain', async (t) => {
  await reaches(t, [
    ['postmaster', 'me'],
    ['Postmaster', 'me'],
    ...['postmaster', 'abuse', 'admin', 'administrator', 'hostmaster', 'root', 'mailer-daemon'].map(
      (name) => [`${name}@${hostname}`, 'me'] as const,
    ),
    ...['postmaster', 'abuse', 'admin'].map((name) => [`${name}@example.com`, 'me'] as const),
    [`postmaster@[${(await ready).box.host}]`, 'me'],
  ]);
});

test('one mailbox, however its address is written', async (t) => {
  await reaches(t, [
    ['YOU@example.com', 'you'],
    ['you@EXAMPLE.Com', 'you'],
    ['you+tag@example.com', 'you'],
    ['You+Tag+More@example.com', 'you'],
    ['you+@example.com', 'you'],
    ['"you"@example.com', 'you'],
    ['"y\\ou"@example.com', 'you'],
    ['you@example.com.', 'you'],
    ['@relay.example,@example.com:you@example.com', 'you'],
    ['SALES@example.com', 'you'],
  ]);
  await refuses(t, [
    ['.you@example.com', unknown],
    ['you.@example.com', unknown],
    ['y..u@example.com', unknown],
    ['+you@example.com', unknown],
    ['"y ou"@example.com', unknown],
    ['you', /^504 5\.5\.2 /],
  ]);
});

test('a domain of letters beyond ASCII is held, and taken, in its ASCII form', async (t) => {
  const { box } = await ready;
  await box.run('box alias add büro@bücher.example you@example.com').then(
    () => t.fail('a local part beyond ASCII was taken'),
    (error: Error) => t.regex(error.message, /its name must be 1 to 64 letters/),
  );
  await box.run('box alias add info@Bücher.example you@example.com');
  t.regex(await box.run('box alias list'), /^info@xn--bcher-kva\.example -> you@example\.com$/m);
  await reaches(t, [['info@xn--bcher-kva.example', 'you']]);
  // Without SMTPUTF8, which port 25 does not offer, nothing but ASCII is an address.
  t.regex((await arrives('info@bücher.example', 'must not arrive')).text, /^501 5\.1\.3 /);
});

test('a name of 64 octets is an address, a longer one is not', async (t) => {
  const { box } = await ready;
  const longest = 'n'.repeat(64);
  await box.run(`box alias add ${longest}@example.com you@example.com`);
  await reaches(t, [[`${longest}@example.com`, 'you']]);
  await t.throwsAsync(box.run(`box alias add n${longest}@example.com you@example.com`), {
    message: /1 to 64/,
  });
  await refuses(t, [[`n${longest}@example.com`, unknown]]);
  t.true((await arrives(`${'n'.repeat(10_000)}@example.com`, 'must not arrive')).code >= 500);
});

const hostile = [
  `"' OR '1'='1"@example.com`,
  `'or'1'='1@example.com`,
  `"' UNION SELECT 'you@example.com' --"@example.com`,
  `"'; DROP TABLE users; --"@example.com`,
  `"'; UPDATE users SET privileges = 'admin' --"@example.com`,
  `you'--@example.com`,
  `"you@example.com' --"@example.com`,
  `you\\'@example.com`,
  `%s@example.com`,
  `%u%d%%@example.com`,
  `"$(touch /tmp/harm)"@example.com`,
  '"`touch /tmp/harm`"@example.com',
  `"|touch /tmp/harm"@example.com`,
  `/etc/passwd@example.com`,
  `":include:/etc/passwd"@example.com`,
  `"../../../../etc/passwd"@example.com`,
  `*@example.com`,
  `_ou@example.com`,
  `you\0@example.com`,
];

test('hostile names find nobody, nor do they harm the database', async (t) => {
  const { box, me, you } = await ready;
  const database = 'sqlite3 /home/user-data/mail/users.sqlite .dump | sha256sum; ls /tmp/harm 2>&1';
  const before = await box.run(`${database} || true`);
  for (const name of hostile) {
    const to = await arrives(name, 'must not arrive');
    t.true(to.code >= 500, `to ${name}: ${to.text}`);
    const from = await sends(me, name, me.email, 'must not arrive');
    t.true(from.code >= 500, `from ${name}: ${from.text}`);
    // Dovecot's own look-ups: for an account that a delivery goes to, and for one that logs in.
    for (const lookUp of ['doveadm user "$n"', 'doveadm auth lookup "$n"']) {
      // To `doveadm user` alone a star is a mask; and no argument holds a NUL.
      if ((name.startsWith('*') && lookUp.startsWith('doveadm user')) || name.includes('\0')) continue;
      const { stdout, stderr } = await box.outcome(`IFS= read -r n; ${lookUp}`, `${name}\n`);
      t.regex(stdout + stderr, /doesn't exist|invalid characters/, `${lookUp}, ${name}`);
    }
  }
  for (const name of hostile.slice(0, 2)) {
    const conversation = await Conversation.open(box, 587, { tls: true });
    await conversation.begin();
    const login = await conversation.begin({ ...you, email: name });
    t.is(login.code, 535, `as ${name}: ${login.text}`);
    conversation.close();
  }
  t.is(await box.run(`${database} || true`), before);
  t.is((await arrives('you@example.com', 'after hostile names')).code, 250);
});

test('who may send as what', async (t) => {
  const { box, me, you } = await ready;
  await box.run('box alias add news@example.com me@example.com --permitted-senders you@example.com');
  await box.run('box alias add quiet@example.com "" --permitted-senders you@example.com');
  const no = /^553 5\.7\.1 .*not owned by user/;
  const table: readonly (readonly [Account, string, RegExp])[] = [
    // An account may always send as itself, in any of its spellings.
    [me, 'me@example.com', /^250 /],
    [you, 'you@example.com', /^250 /],
    [you, 'YOU@Example.com', /^250 /],
    [you, 'you+tag@example.com', /^250 /],
    [you, '"you"@example.com', /^250 /],
    // Nobody as somebody else, known or not, here or elsewhere.
    [you, 'me@example.com', no],
    [me, 'you@example.com', no],
    [you, 'nobody@example.com', no],
    [you, 'someone@client.outside.example', no],
    [you, 'postmaster@example.com', no],
    [you, 'administrator@box.example.com', no],
    [you, 'me+you@example.com', no],
    [you, '"you@example.com"@client.outside.example', no],
    [you, 'you', /^504 5\.5\.2 /],
    // An alias that names no senders: who gets its mail may answer it.
    [you, 'sales@example.com', /^250 /],
    [me, 'sales@example.com', no],
    [me, 'all@example.com', /^250 /],
    [you, 'all@example.com', /^250 /],
    [me, 'administrator@box.example.com', /^250 /],
    [me, 'postmaster@example.com', /^250 /],
    [you, 'postmaster@caught.example', no],
    [you, 'anything@caught.example', /^250 /],
    [you, 'boss@caught.example', no],
    // An alias with permitted senders: they alone, also where none of its mail reaches them.
    [you, 'news@example.com', /^250 /],
    [me, 'news@example.com', no],
    [you, 'quiet@example.com', /^250 /],
    [me, 'quiet@example.com', no],
    // The null sender is for receipts (RFC 8098), which this is not.
    [you, '', /^553 5\.7\.1 /],
  ];
  for (const [i, [account, from, reply]] of table.entries()) {
    const { text } = await sends(account, from, 'you@example.com', `sender ${i} ${from}`);
    t.regex(text, reply, `${account.email} as ${from}`);
  }
  const sent = table.map((row, i) => [row, i] as const).filter(([row]) => row[2].test('250 '));
  const got = (await subjects(box, 'you@example.com')).filter((subject) => subject.startsWith('sender '));
  t.deepEqual(got, sent.map(([row, i]) => `sender ${i} ${row[1]}`.trim()).sort());
  // An address for sending only takes no mail.
  await refuses(t, [['quiet@example.com', unknown]]);
});

test('an account may send as itself even when an alias takes its mail elsewhere', async (t) => {
  const { box, me, you } = await ready;
  await box.run('box alias add you@example.com me@example.com');
  await reaches(t, [['you@example.com', 'me']]);
  t.is((await sends(you, 'you@example.com', 'me@example.com', 'still mine')).code, 250);
  await box.run('box alias remove you@example.com');
  await reaches(t, [['you@example.com', 'you']]);
  t.is((await sends(me, 'you@example.com', 'me@example.com', 'no more')).code, 553);
});

test('a line longer than SMTP allows arrives whole, and is no command', async (t) => {
  const { box } = await ready;
  const line = 'QUIT x '.repeat(20_000);
  const reply = await arrives('you@example.com', 'long line', `${line}\r\nend of it`);
  t.is(reply.code, 250, reply.text);
  t.true((await subjects(box, 'you@example.com')).includes('long line'));
  const body = await box.run('doveadm fetch -u you@example.com body header subject "long line"');
  t.is(
    body
      .replace(/\r?\n /g, '')
      .match(/(QUIT x ?)+/)?.[0]
      .match(/QUIT/g)?.length,
    20_000,
  );
  t.regex(body, /end of it/);
});

test('a full mailbox is told at the door, on both ports and by its aliases; with room again it takes mail', async (t) => {
  const { box, me } = await ready;
  const filled = await addAccount(box, (await lab).owner, 'filled@example.com');
  await box.run(
    'box account quota filled@example.com 30720 && box alias add vat@example.com filled@example.com',
  );
  const big = 'x'.repeat(70).concat('\r\n').repeat(600);
  const shown = async () => {
    const reader = await Reader.of(box, hostname, filled, box.folder);
    const { stdout } = await reader.curl(`imaps://${hostname}:993/INBOX`, ['request = "GETQUOTAROOT INBOX"']);
    return /STORAGE (\d+) (\d+)/.exec(stdout)?.slice(1).map(Number);
  };
  t.deepEqual(await shown(), [0, 30]);
  // It fits by rule: who is below the limit gets one mail, whatever its size.
  t.is((await arrives('filled@example.com', 'fills it', big)).code, 250);
  t.deepEqual(await subjects(box, 'filled@example.com'), ['fills it']);
  t.true(((await shown())?.[0] ?? 0) > 30);

  const full = /^552 5\.2\.2 .*Mailbox is full/;
  await refuses(t, [
    ['filled@example.com', full],
    ['FILLED+tag@example.com', full],
    ['vat@example.com', full],
  ]);
  t.regex((await sends(me, me.email, 'filled@example.com', 'must not arrive')).text, full);
  t.is((await arrives('you@example.com', 'others are not full')).code, 250);

  await box.run('doveadm expunge -u filled@example.com mailbox "*" all');
  t.is((await arrives('filled@example.com', 'after cleaning', big)).code, 250);
  t.deepEqual(await subjects(box, 'filled@example.com'), ['after cleaning']);
  await refuses(t, [['filled@example.com', full]]);
  await box.run('box account quota filled@example.com 0');
  t.is((await arrives('filled@example.com', 'without a quota')).code, 250);
  await waitFor('the last mail', async () =>
    (await subjects(box, 'filled@example.com')).length === 2 ? true : undefined,
  );
});

test('a quota of one account asks nothing about mail for the others', async (t) => {
  const { box } = await ready;
  await box.run('box account quota filled@example.com 30720');
  // access(5): every key that Postfix asks an access table for.
  const asks = async (key: string) =>
    (await box.outcome(`postmap -q '${key}' sqlite:/etc/postfix/limited-accounts.cf`)).stdout.trim();
  for (const key of [
    'me+tag@example.com',
    'me@example.com',
    'example.com',
    'com',
    'me+tag@',
    'me@',
    'filled@',
  ])
    t.is(await asks(key), '', key);
  for (const key of ['filled+tag@example.com', 'filled@example.com', 'vat@example.com'])
    t.is(await asks(key), 'ask_quota', key);
  // Dovecot is not asked about them either, and could not answer: their mail comes through all the same.
  await box.run("postconf -e 'ask_quota = reject' && postfix reload 2>&1");
  t.is((await arrives('me+tag@example.com', 'others are not asked about')).code, 250);
  t.is((await arrives('filled@example.com', 'must not arrive')).code, 554);
  await box.run(
    "postconf -e 'ask_quota = check_policy_service inet:127.0.0.1:12340' && postfix reload 2>&1 && box account quota filled@example.com 0",
  );
});

test('nothing that was refused arrived, and nothing was returned', async (t) => {
  const { box } = await ready;
  for (const email of ['me@example.com', 'you@example.com', 'filled@example.com']) {
    const all = await subjects(box, email);
    t.deepEqual(
      all.filter((subject) => /must not|Undelivered|Undeliverable/.test(subject)),
      [],
      email,
    );
  }
  t.notRegex(await box.run('cat /var/log/mail.log'), /status=bounced/);
});
