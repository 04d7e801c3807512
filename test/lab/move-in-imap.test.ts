/** Mail from another server by IMAP: cut twice, each mail is here once, with flags, dates and UIDs; and again after the MX change. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { waitFor } from '../rig/wait.ts';
import { CommandLines } from './world/command-lines.ts';
import { makeLab, neighbour } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { queueIsEmpty, started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-move-in-imap');
/** In the first account of the other server. */
const many = 10_000;
/** Each byte that YAML, Dovecot's configuration or IMAP could take for its own. */
const password = 'p%u "q" \\b #c $d {e} %{f} ü <g';
const file = '/root/accounts.yaml';
const ready = makeLab(kept).then(async (lab) => {
  const other = neighbour(lab.owner);
  const [box, old] = await Promise.all([
    started(lab, 'box', lab.owner),
    started(lab, 'old', other.owner, other.settings),
  ]);
  for (const name of ['one', 'two', 'three', 'four']) {
    await old.run(`box account add ${name}@outside.example`, `${password}\n`);
    await box.run(`box account add ${name}@example.com`, `${password}\n`);
  }
  // As an owner trusts an authority of their own.
  const certificate = await old.run('cat /home/user-data/ssl/ssl_certificate.pem');
  await box.run(
    'cat >/usr/local/share/ca-certificates/old.crt && update-ca-certificates 2>/dev/null',
    certificate,
  );
  await old.run('python3 - one 0', fill(many));
  for (const name of ['two', 'three', 'four']) await old.run(`python3 - ${name} 0`, fill(60));
  await box.run(`umask 077; cat >${file}`, table());
  return { box, old };
});
const commandLines = new CommandLines();

const table = (secret = password) =>
  JSON.stringify({
    accounts: ['one', 'two', 'three', 'four'].map((name) => ({
      account: `${name}@example.com`,
      host: 'box.outside.example',
      user: `${name}@outside.example`,
      password: secret,
    })),
  });

/** Python that writes so many mails into a mailbox: a third of them into a folder, with flags, keywords and old dates. */
const fill = (count: number) => `
import os, sys, pwd
name, first = sys.argv[1], int(sys.argv[2])
root = '/home/user-data/mail/mailboxes/outside.example/' + name
mail = pwd.getpwnam('mail')
for folder in ['', '/.Archive', '/.A &- B.Deep']:
    for part in ['', '/cur', '/new', '/tmp']:
        os.makedirs(root + folder + part, exist_ok=True)
    os.path.exists(root + folder + '/dovecot-keywords') or open(root + folder + '/dovecot-keywords', 'w').write('0 $Forwarded\\n1 later\\n')
for i in range(first, first + ${count}):
    folder = ['', '/.Archive', '/.A &- B.Deep'][i % 3]
    flags = ''.join(sorted(c for n, c in enumerate('FRS') if i >> n & 1)) + ['', 'a', 'b', 'ab'][i % 4]
    path = '%s%s/cur/%d.M%dP1.old:2,%s' % (root, folder, 1300000000 + i, i, flags)
    # Some are there twice, letter by letter; of those the later one comes with the date of the first, whatever its own.
    named = i - 3 if i % 300 == 3 else i
    with open(path, 'w') as f:
        f.write('From: a@friend.example\\nTo: %s@outside.example\\nSubject: mail %d\\nMessage-ID: <%s-%d@friend.example>\\nDate: Tue, 13 May 2014 16:53:20 +0000\\n\\n%s\\n' % (name, named, name, named, 'word ' * (named % 97)))
    os.utime(path, (1300000000 + named * 60, 1300000000 + named * 60))
for base, folders, files in os.walk(root):
    for it in [base] + [os.path.join(base, f) for f in files]:
        os.chown(it, mail.pw_uid, mail.pw_gid)
`;

/** Each mail of an account: folder, Message-ID, flags and date, sorted. */
async function mails(box: LabBox, account: string, more = ''): Promise<string[]> {
  const fields = `mailbox hdr.message-id flags date.received ${more}`;
  const text = await box.run(`doveadm -f tab fetch -u ${account} '${fields}' all`, '', 600);
  return text
    .replaceAll(/\\Recent ?/g, '')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.replace(/ +\t/g, '\t'))
    .sort();
}
const count = async (box: LabBox, account: string) =>
  Number(/messages=(\d+)/.exec(await box.run(`doveadm mailbox status -u ${account} -t messages '*'`))?.[1]);

test('a table that others may read, a wrong password and a server that nobody vouches for: told, and nothing fetched', async (t) => {
  const { box } = await ready;
  const says = async (words: RegExp, code = 1) => {
    const it = await box.outcome(`box move-in imap ${file}`);
    t.is(it.code, code);
    t.regex(it.stdout + it.stderr, words);
    t.notRegex(it.stdout + it.stderr, /another-password|%\{f\}/);
  };
  await box.run(`chmod 644 ${file}`);
  await says(/must be root’s alone -> chown root:root \/root\/accounts\.yaml && chmod 600/);
  await box.run(`cat >${file}; chmod 600 ${file}`, table('another-password'));
  await says(/one@example\.com: the other server refuses user and password/);
  await box.run(`cat >${file}`, table());
  await box.run('mv /usr/local/share/ca-certificates/old.crt /root; update-ca-certificates 2>/dev/null');
  await says(/two@example\.com: the other server’s certificate is not one that this box trusts/);
  await box.run('mv /root/old.crt /usr/local/share/ca-certificates; update-ca-certificates 2>/dev/null');
  t.is(await count(box, 'one@example.com'), 0);
});

test(`${many} mails, cut twice: every one once, with folder, flags, date and UID`, async (t) => {
  const { box, old } = await ready;
  const began = Date.now();
  for (const enough of [many / 10, many / 2]) {
    await box.run(
      `systemd-run --quiet --collect --unit=fetch --property=KillMode=control-group box move-in imap ${file}`,
    );
    await waitFor(
      `${enough} mails`,
      async () => ((await count(box, 'one@example.com')) >= enough ? true : undefined),
      { seconds: 1200 },
    );
    await box.run('systemctl kill --signal=KILL fetch');
    await waitFor('its end', async () =>
      (await box.outcome('systemctl is-active --quiet fetch')).code !== 0 ? true : undefined,
    );
    t.true((await count(box, 'one@example.com')) < many, 'it was cut before the end');
  }
  let said = '';
  await commandLines.watch(async () => {
    said = await box.run(`box move-in imap ${file}`, '', 1200);
  });
  t.log(`${Math.round((Date.now() - began) / 1000)} s in all; ${said.trim().split('\n').at(-2)}`);
  t.regex(said, /^one@example\.com: done; \d+ came, 10000 are here$/m);
  t.regex(said, /^all is here;/m);
  for (const name of ['one', 'two', 'three', 'four'])
    t.deepEqual(
      await mails(box, `${name}@example.com`, 'uid'),
      await mails(old, `${name}@outside.example`, 'uid'),
      name,
    );
  t.deepEqual(commandLines.holding([password.slice(0, 8), '%{f}']), []);
  t.is((await box.outcome('ls /run/box/move-in-imap')).stdout, '');
});

test('after the MX change: what came in here stays, what came in there is fetched once, and nothing twice', async (t) => {
  const { box, old } = await ready;
  await deliver(box, 25, { from: box.stranger, to: 'one@example.com', subject: 'delivered here' });
  await queueIsEmpty(box);
  await box.run("doveadm flags add -u two@example.com '\\Flagged' mailbox INBOX uid 1");
  await old.run(`python3 - one ${many}`, fill(30));
  const before = await mails(box, 'one@example.com');
  for (const came of [30, 0, 0]) {
    const said = await box.run(`box move-in imap ${file}`, '', 1200);
    t.regex(said, new RegExp(`^one@example\\.com: done; ${came} came, ${many + 31} are here$`, 'm'));
    t.regex(said, /^two@example\.com: done; 0 came, 60 are here$/m);
  }
  const after = await mails(box, 'one@example.com');
  t.deepEqual(
    before.filter((line) => !after.includes(line)),
    [],
  );
  t.is(new Set(after).size, many + 31);
  const there = await mails(old, 'one@outside.example');
  t.deepEqual(
    there.filter((line) => !after.includes(line)),
    [],
  );
});
