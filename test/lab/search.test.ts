/** Search: what a mail program finds, that the index answers, and that nothing is lost where the index is. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { patience, waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { addAccount, queueIsEmpty, started, subjectsIn } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-search');
const ready = makeLab(kept).then(async (lab) => {
  const box = await started(lab, 'box', lab.owner);
  const reader = await Reader.of(box, hostname, lab.owner, box.folder);
  return { box, me: lab.owner, owner: lab.owner, reader };
});

const folder = '/home/user-data/mail/search';
const utf8 = {
  'MIME-Version': '1.0',
  'Content-Type': 'text/plain; charset=utf-8',
  'Content-Transfer-Encoding': '8bit',
};

/** Subjects of the mails that a search of Dovecot's finds, as IMAP would: an account's inbox, unless it names another. */
async function found(box: LabBox, email: string, query: string, mailbox = 'INBOX'): Promise<string[]> {
  const script = `doveadm -f flow fetch -u '${email}' hdr.subject mailbox '${mailbox}' ${query} 2>>/tmp/search-errors`;
  const { stdout } = await box.outcome(script);
  return subjectsIn(stdout);
}

/** What the index itself says of an account: whether it is filled, and how many mails it has. */
async function known(box: LabBox, email: string): Promise<{ state: string; mails: number }> {
  const program = `import http.client, sys
c = http.client.HTTPConnection("127.0.0.1", 8983)
c.request("POST", "/known?account=${encodeURIComponent(email)}")
print(c.getresponse().read().decode(), end="")`;
  const [state = '', ...mails] = (await box.run(`python3 -c '${program}'`)).trim().split('\n');
  return { state, mails: mails.length };
}

const filled = (box: LabBox, email: string, mails: number, seconds = patience) =>
  waitFor(
    `the index of ${email} to have ${mails} mails`,
    async () => {
      const now = await known(box, email);
      return now.state === 'filled' && now.mails === mails ? true : undefined;
    },
    { seconds },
  );

/** Puts mails into an inbox without the box's other parts: `from` is the number of the first. */
const putMails = (box: LabBox, email: string, from: number, count: number) => {
  const [name, domain] = email.split('@');
  return box.run(`python3 - <<'END'
import os
inbox = "/home/user-data/mail/mailboxes/${domain}/${name}"
for i in range(${from}, ${from + count}):
    with open("%s/new/%d.M%d.box" % (inbox, 1700000000 + i, i), "w") as mail:
        mail.write("From: sender@outside.example\\nSubject: number %05d\\n\\n" % i + "Words of mail%05dnumber.\\n" % i * 20)
    os.chown(mail.name, 8, 8)
END`);
};

test('mail that comes is found by any part of a word, in every script, and without accents', async (t) => {
  const { box, me, reader } = await ready;
  const body =
    'Die Einkommensteuererklärung für Zoë aus der Straße. Привет мир. 你好世界, see mail@sub.example.org\n';
  await deliver(box, 25, {
    from: box.stranger,
    to: me.email,
    subject: 'Invoice-2024 Grüße',
    body,
    headers: utf8,
  });
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'another', body: 'nothing of it\n' });
  await queueIsEmpty(box);
  await filled(box, me.email, 2);

  const hits = [
    'steuererkl',
    'STEUER',
    'zoe',
    'ZOË',
    'strasse',
    'привет',
    'мир',
    '好世',
    '世',
    'sub.example',
    '. 你',
  ];
  for (const needle of hits)
    t.deepEqual(await found(box, me.email, `body '${needle}'`), ['Invoice-2024 Grüße'], needle);
  for (const needle of ['steuerfrei', '界好', 'x y', '"', '\\', '(a OR b)', '*'])
    t.deepEqual(await found(box, me.email, `body '${needle}'`), [], needle);
  t.deepEqual(await found(box, me.email, "subject 'voice-20'"), ['Invoice-2024 Grüße']);
  t.deepEqual(await found(box, me.email, "text 'grusse' not body 'steuer'"), []);
  t.deepEqual(await found(box, me.email, "not body 'steuer'"), ['another']);
  t.deepEqual(await found(box, me.email, "'(' body steuer or subject anoth ')'"), [
    'Invoice-2024 Grüße',
    'another',
  ]);
  const { stdout } = await reader.curl(`imaps://${hostname}:993/INBOX`, [
    'request = "SEARCH TEXT kommensteuer"',
  ]);
  t.is(stdout.trim(), '* SEARCH 1');
  t.is((await box.run('cat /tmp/search-errors')).trim(), '');
});

test('of HTML the text is found and the markup is not', async (t) => {
  const { box, me } = await ready;
  const body =
    '<html><style>.hidden{color:red}</style><body class="fancyclass"><p>Visible&eacute;words <b>bo</b>ld</p></body></html>\n';
  const headers = { ...utf8, 'Content-Type': 'text/html; charset=utf-8' };
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'page', body, headers });
  await queueIsEmpty(box);
  await filled(box, me.email, 3);
  t.deepEqual(await found(box, me.email, "body 'visibleew'"), ['page']);
  for (const needle of ['fancyclass', 'hidden', 'color:red'])
    t.deepEqual(await found(box, me.email, `body '${needle}'`), [], needle);
});

test('a mail that is deleted is gone from the index, and so is a mailbox', async (t) => {
  const { box, me } = await ready;
  await box.run(`doveadm expunge -u ${me.email} mailbox INBOX subject another`);
  await filled(box, me.email, 2);
  await box.run(
    `doveadm mailbox create -u ${me.email} Old && doveadm copy -u ${me.email} Old mailbox INBOX subject page && doveadm index -u ${me.email} Old`,
  );
  await filled(box, me.email, 3);
  t.deepEqual(await found(box, me.email, "body 'visibleew'", 'Old'), ['page']);
  await box.run(
    `doveadm mailbox delete -u ${me.email} Old && systemctl start box-fill-search.service`,
    '',
    120,
  );
  t.deepEqual(await known(box, me.email), { state: 'filled', mails: 2 });
});

test('the index alone answers: what it is made to forget is not found, and comes back when it is made anew', async (t) => {
  const { box, me } = await ready;
  t.deepEqual(await found(box, me.email, "body 'words'"), ['page']);
  await box.run(`systemctl stop box-search.service
    sqlite3 ${folder}/*.sqlite "DELETE FROM mail WHERE id = (SELECT max(id) FROM mail)"`);
  t.deepEqual(await found(box, me.email, "body 'words'"), []);
  await box.run(`systemctl stop box-search.service; rm ${folder}/*.sqlite*`);
  t.deepEqual(await found(box, me.email, "body 'words'"), ['page'], 'by reading');
  await filled(box, me.email, 2);
  t.deepEqual(await found(box, me.email, "body 'words'"), ['page']);
});

test('a damaged index is made anew, and no search is wrong meanwhile', async (t) => {
  const { box, me } = await ready;
  await box.run(`systemctl stop box-search.service
    for file in ${folder}/*.sqlite; do rm -f "$file"-*; head -c 100000 /dev/urandom >"$file"; done`);
  t.deepEqual(await found(box, me.email, "body 'words'"), ['page']);
  await filled(box, me.email, 2);
  t.deepEqual(await found(box, me.email, "body 'words'"), ['page']);
});

test('where the index doesn’t run, mail comes in and a search reads; afterwards the index has it', async (t) => {
  const { box, me } = await ready;
  await box.run('systemctl mask --now --runtime box-search.socket box-search.service 2>&1');
  const body = 'Came in without an index.\n';
  await deliver(box, 25, { from: box.stranger, to: me.email, subject: 'meanwhile', body });
  await queueIsEmpty(box);
  t.deepEqual(await found(box, me.email, "body 'hout an ind'"), ['meanwhile']);
  await box.run(
    'systemctl unmask --runtime box-search.socket box-search.service 2>&1 && systemctl start box-search.socket',
  );
  t.deepEqual(await found(box, me.email, "body 'hout an ind'"), ['meanwhile']);
  await filled(box, me.email, 3);
});

test('killed again and again while two thousand mails are indexed, it has every one of them in the end', async (t) => {
  const { box, owner } = await ready;
  const many = await addAccount(box, owner, 'many@example.com');
  await box.run(`doveadm mailbox status -u ${many.email} messages INBOX`);
  await putMails(box, many.email, 0, 2000);
  for (let i = 0; i < 8; i++) {
    const indexing = box.outcome(`doveadm index -u ${many.email} INBOX`);
    const victim = i % 2 === 0 ? 'search/service.py' : `index -u ${many.email}`;
    await box.outcome(`sleep 0.${2 + i}; pkill -9 -f '${victim}'`);
    await indexing;
  }
  await box.run(`doveadm index -u ${many.email} INBOX`);
  await filled(box, many.email, 2000, 120);
  t.deepEqual(await found(box, many.email, "body 'mail01234num'"), ['number 01234']);
  t.is((await found(box, many.email, "body 'number'")).length, 2000);
});

/** Milliseconds that a search takes in the box itself. */
async function takes(box: LabBox, email: string, options = ''): Promise<number> {
  const script = `s=$(date +%s%N); doveadm ${options} search -u ${email} mailbox INBOX body mail01234num >/dev/null; echo $(( ($(date +%s%N) - s) / 1000000 ))`;
  return Number(await box.run(script));
}

test('a search among two thousand mails by the index, and by reading', async (t) => {
  const { box } = await ready;
  const email = 'many@example.com';
  const [byIndex, byReading] = [await takes(box, email), await takes(box, email, "-o 'mail_plugins=quota'")];
  const size = await box.run(`du -sk ${folder} /home/user-data/mail/mailboxes/example.com/many | cut -f1`);
  t.log(
    `by the index ${byIndex} ms, by reading ${byReading} ms; KiB of all indexes and of this mailbox: ${size.trim().replace('\n', ', ')}`,
  );
  t.true(byIndex > 0 && byReading > 0);
});

test('a mail of twenty megabytes of words, and one of random bytes, cost neither memory nor other mails’ place', async (t) => {
  const { box, owner } = await ready;
  const victim = await addAccount(box, owner, 'victim@example.com');
  await box.run(`doveadm mailbox status -u ${victim.email} messages INBOX`);
  await putMails(box, victim.email, 0, 1);
  await box.run(`cd /home/user-data/mail/mailboxes/example.com/victim/new
    head='Subject: %s\\nMIME-Version: 1.0\\nContent-Type: text/plain; charset=utf-8\\n\\n'
    { printf "$head" words; head -c 15000000 /dev/urandom | base64 | tr '+/' '  '; } >1700000001.words.box
    { printf "$head" bytes; head -c 4000000 /dev/urandom; } >1700000002.bytes.box
    chown mail:mail *`);
  await putMails(box, victim.email, 3, 1);
  await box.run(`doveadm index -u ${victim.email} INBOX`);
  await filled(box, victim.email, 4);
  t.deepEqual(await found(box, victim.email, "body 'mail00003num'"), ['number 00003']);
  const status = await box.run('cat /proc/$(systemctl show --property=MainPID --value box-search)/status');
  const peak = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
  t.log(`the index's service needed ${Math.round(peak)} MiB at the most`);
  t.true(peak < 160);
  t.is((await box.run('journalctl -u box-search --no-pager | grep -c "OOM killer" || true')).trim(), '0');
});

test('no other user of the machine may ask the index, nor read it', async (t) => {
  const { box } = await ready;
  const asks = (user: string) =>
    box.outcome(`runuser -u ${user} -- bash -c 'exec 3<>/dev/tcp/127.0.0.1/8983'`);
  t.is((await asks('mail')).code, 0);
  for (const user of ['www-data', 'box-panel', 'box-webmail', 'sogo', 'nobody']) {
    const { code, stderr } = await asks(user);
    t.not(code, 0, user);
    t.regex(stderr, /Connection refused/, user);
  }
  t.is((await box.run(`stat -c '%a %U' ${folder}`)).trim(), '700 box-search');
});

test('an account that is removed takes its index along', async (t) => {
  const { box } = await ready;
  const count = async () => Number(await box.run(`ls ${folder}/*.sqlite | wc -l`));
  const before = await count();
  await box.run('box account remove victim@example.com');
  await waitFor('its index to be gone', async () => ((await count()) === before - 1 ? true : undefined));
  t.is(await count(), before - 1);
});
