/** People's own filters: ManageSieve on 4190 by a real client, and what a script then does with mail. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { outcome } from '../rig/program.ts';
import { makeLab } from './world/lab.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-sieve');
const lab = makeLab(kept);
const mine = lab.then(({ box, owner }) => box('box', owner));
const started = mine.then(async (box) => {
  await box.start();
  return box.console.outcome();
});
const reader = started.then(async () =>
  Reader.of(await mine, hostname, (await lab).owner, (await mine).folder),
);

/** sieve-connect(1) as the owner, over TLS with the box's certificate; its password comes on standard input. */
async function sieve(args: readonly string[], password?: string) {
  const { owner } = await lab;
  const { prefix, host } = await mine;
  const { certificate } = await reader;
  const tls = ['--tlscafile', certificate, '--tlshostname', hostname];
  const who = ['--server', host, '--port', '4190', '--user', owner.email, '--passwordfd', '0'];
  return outcome([...prefix, 'sieve-connect', ...who, ...tls, ...args], {
    input: `${password ?? owner.password}\n`,
  });
}

test('a log-in is offered only after STARTTLS', async (t) => {
  t.is((await started).stage, 'ready', (await started).error);
  const { prefix, host } = await mine;
  const greeting = await outcome([...prefix, 'curl', '-s', '--max-time', '3', `telnet://${host}:4190`]);
  t.regex(greeting.stdout, /^"SASL" ""\r$/m);
  t.regex(greeting.stdout, /^"STARTTLS"\r$/m);
});

test('Dovecot’s own programs have nothing to warn of', async (t) => {
  const box = await mine;
  for (const program of ['doveconf -n', 'doveconf -a', 'doveadm user \\*', 'doveadm who']) {
    const { code, stderr } = await box.outcome(`${program} >/dev/null`);
    t.is(stderr, '', program);
    t.is(code, 0, program);
  }
  // Since 2.4 a list is a block of its own, a line an item, and a protocol's adds to that of all.
  const asked = `for p in imap lmtp pop3; do
    { case $(dovecot --version) in 2.[0-3].*) ;; *) doveconf -h mail_plugins ;; esac; doveconf -f protocol=$p -h mail_plugins; } | tr '\\n' ' '
    echo
  done`;
  const [imap = '', lmtp = '', pop3 = ''] = (await box.run(asked)).trim().split('\n');
  for (const list of [imap, lmtp, pop3]) t.regex(list, /\bquota\b/);
  for (const list of [imap, lmtp]) for (const plugin of [/\bfts\b/, /\bfts_solr\b/]) t.regex(list, plugin);
  t.regex(imap, /\bimap_sieve\b/);
  t.regex(lmtp, /\bsieve\b/);
});

test('a person uploads a filter, turns it on, and it files mail', async (t) => {
  const box = await mine;
  const { owner } = await lab;
  await trustClients(box);
  const script = path.join(kept.folder, 'club.sieve');
  writeFileSync(
    script,
    'require ["fileinto", "mailbox"];\nif header :contains "Subject" "[club]" { fileinto :create "Club"; }\n',
  );
  const uploaded = await sieve(['--upload', '--localsieve', script, '--remotesieve', 'club']);
  t.is(uploaded.code, 0, uploaded.stderr);
  const activated = await sieve(['--activate', '--remotesieve', 'club']);
  t.is(activated.code, 0, activated.stderr);
  const subject = `[club] outing ${Date.now()}`;
  await deliver(box, 25, { from: box.stranger, to: owner.email, subject });
  t.regex(await (await reader).imap(subject.slice(7), 60, 'Club'), /^Subject: \[club\] outing/m);
});

test('spam goes to Spam whatever the person’s own filter says', async (t) => {
  const box = await mine;
  const subject = `[club] gtube ${Date.now()}`;
  const body = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n';
  await deliver(box, 25, { from: box.stranger, to: (await lab).owner.email, subject, body });
  t.regex(await (await reader).imap(subject.slice(7), 60, 'Spam'), /^X-Spam-Flag: YES/m);
});

test('a script that is wrong is refused with its line, and can’t start programs', async (t) => {
  const script = path.join(kept.folder, 'wrong.sieve');
  writeFileSync(script, 'require "vnd.dovecot.pipe";\npipe "train" ["spam"];\n');
  const refused = await sieve(['--upload', '--localsieve', script, '--remotesieve', 'wrong']);
  t.not(refused.code, 0);
  t.regex(refused.stdout + refused.stderr, /line 1.*vnd\.dovecot\.pipe/s);
});

test('a wrong password is refused', async (t) => {
  const { code } = await sieve(['--list'], 'not-the-password');
  t.not(code, 0);
  t.is((await sieve(['--list'])).code, 0, 'the right one is not');
});

test('the scripts lie on the storage root, for Dovecot alone', async (t) => {
  const listing = await (await mine).run(
    "stat -c '%U %a %n' /home/user-data/mail/sieve/example.com/me/*.sieve",
  );
  t.regex(listing, /^mail 6[04]0 .*\/club\.sieve$/m);
});
