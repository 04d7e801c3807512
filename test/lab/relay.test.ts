/** A relay host: all mail out goes there, with a log-in, over verified TLS; here the relay is another box's port 587. */
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { CommandLines } from './world/command-lines.ts';
import { makeLab, neighbour } from './world/lab.ts';
import { mailLog, retry, send } from './world/outbound.ts';
import { findSecrets, isWorldReadable } from './world/secrets.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-relay'));
const relayName = 'box.outside.example';
const commandLines = new CommandLines();

/** The box, the relay, and the mail server that the mail is for. */
const ready = lab.then(({ box, owner, mta, ca }) =>
  commandLines.watch(async () => {
    const other = neighbour(owner);
    const relay = { host: relayName, port: 587, username: other.owner.email, password: owner.password };
    const mine = await box('box', owner, { relay });
    const theirs = await box('relay', other.owner, other.settings);
    const remote = await mta({ domain: 'far.example', tls: 'self-signed' });
    await Promise.all([mine.start(), theirs.start()]);
    for (const it of [mine, theirs]) {
      const said = await it.console.outcome();
      if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
    }
    await mine.run(ca.install.script, ca.install.input);
    // The relay lets this account send as the box's owner: an alias with a permitted sender.
    await theirs.run('sqlite3 /home/user-data/mail/users.sqlite', permission);
    return { mine, theirs, remote };
  }),
);
const permission = `INSERT INTO aliases (source, destination, permitted_senders)
  VALUES ('me@example.com', 'you@outside.example', 'you@outside.example');\n`;

test('a relay whose certificate is not valid gets neither mail nor password', async (t) => {
  const { mine, theirs, remote } = await ready;
  const { line } = await send(mine, (await lab).owner, 'x@far.example');
  t.regex(
    line,
    /relay=box\.outside\.example\[[\d.]+\]:587, .*status=deferred \(.*certificate not (trusted|verified)/i,
  );
  t.notRegex(await mailLog(theirs), /sasl_|client=/);
  t.deepEqual(remote.mails(), []);
});

test('with a valid one, all mail out goes there, with a log-in, over verified TLS', async (t) => {
  const { mine, theirs, remote } = await ready;
  const { ca } = await lab;
  const key = '/home/user-data/ssl/ssl_private_key.pem';
  const request = await theirs.run(`openssl req -new -key ${key} -subj /CN=${relayName}`);
  const install = `cat >/home/user-data/ssl/lab.pem && ln -sf lab.pem /home/user-data/ssl/ssl_certificate.pem && systemctl reload postfix`;
  await theirs.run(install, await ca.sign(request, relayName));
  const waiting = await retry(mine, 'x@far.example');
  t.regex(waiting.line, /status=sent/);
  t.is(waiting.tls, 'Verified');

  const { line, tls, subject } = await commandLines.watch(async () =>
    send(mine, (await lab).owner, 'y@far.example'),
  );
  t.regex(line, /relay=box\.outside\.example\[[\d.]+\]:587, .*status=sent/);
  t.is(tls, 'Verified');
  const mail = await remote.mail(subject);
  t.regex(mail, /^Received: from box\.outside\.example /m);
  t.regex(mail, /^From: .*me@example\.com/m);
  t.regex(await mailLog(theirs), /sasl_username=you@outside\.example/);
});

test('mail for the box’s own people stays', async (t) => {
  const { mine } = await ready;
  const { owner } = await lab;
  const reader = await Reader.of(mine, hostname, owner, mine.folder);
  const subject = `at home ${Date.now()}`;
  await deliver(mine, 587, { from: owner.email, to: owner.email, subject, auth: owner, tls: 'required' });
  t.notRegex(await reader.imap(subject), /box\.outside\.example/);
});

test('the relay’s password is in no command line, log, console or file for everyone', async (t) => {
  const { mine } = await ready;
  const { password } = (await lab).owner;
  t.true(commandLines.seen.size > 20);
  t.deepEqual(commandLines.holding([password]), []);
  const upper = path.join(mine.folder, 'upper');
  const written = await findSecrets([upper], [password]);
  const holders = written.map(({ path: file }) => file.slice(upper.length));
  t.true(holders.includes('/etc/postfix/relay-password'), 'the search finds it where it has to be');
  const isLog = ({ path: file }: { path: string }) => file.startsWith(path.join(upper, 'var/log/'));
  t.deepEqual(
    written.filter((finding) => isWorldReadable(finding) || isLog(finding)),
    [],
  );
  t.deepEqual(await findSecrets([mine.console.path], [password]), []);
  t.false((await mine.run('journalctl --no-pager --output=cat')).includes(password));
});

test('without a relay in the settings the box forgets it', async (t) => {
  const { mine } = await ready;
  const { password } = (await lab).owner;
  const without =
    'import json; p = "/etc/box/settings.json"; s = json.load(open(p)); del s["relay"]; json.dump(s, open(p, "w"))';
  await mine.run(`python3 -c '${without}' && box init`);
  t.false((await mine.run('cat /etc/postfix/relay-*')).includes(password));
  const { line, tls } = await send(mine, (await lab).owner, 'z@far.example');
  t.regex(line, /relay=mx\.far\.example\[[\d.]+\]:25, .*status=sent/);
  t.is(tls, 'Untrusted');
});
