/** Two boxes of one image and an outside host: mail in, mail out by DNS, and all that must be refused. */
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import {
  keptFiles,
  readyFileAgrees,
  receives,
  refuses,
  servesOnly,
  showsWhatItSaid,
  submits,
  trustClients,
} from '../rig/behaviour.ts';
import { deliver, Reader, smtp } from '../rig/mail.ts';
import { documentsOf, hostname, settingsOf } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { Conversation } from './world/conversation.ts';
import { makeLab, neighbour } from './world/lab.ts';
import { openTcpPorts } from './world/ports.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-mail'));
const mine = lab.then(({ box, owner }) => box('box', owner));
const other = lab.then(({ owner }) => neighbour(owner));
const theirs = Promise.all([lab, mine, other]).then(([{ box }, , { owner, settings }]) =>
  box('neighbour', owner, settings),
);
const said = mine.then(async (box) => {
  await box.start();
  return box.console.outcome();
});
const theySaid = theirs.then(async (box) => {
  await box.start();
  return box.console.outcome();
});

const reader = async () => {
  const box = await mine;
  return Reader.of(box, hostname, (await lab).owner, box.folder);
};
const theirReader = async () => {
  const box = await theirs;
  return Reader.of(box, 'box.outside.example', (await other).owner, box.folder);
};

test('both boxes become ready and show what they said on the console', async (t) => {
  await showsWhatItSaid(t, await mine, await said, hostname);
  await showsWhatItSaid(t, await theirs, await theySaid, 'box.outside.example');
  await readyFileAgrees(t, await mine, await said);
  for (const box of [await mine, await theirs]) await trustClients(box);
});

test('the resolver asks the lab’s root and validates its signatures', async (t) => {
  const box = await mine;
  const answer = await box.run('dig +dnssec +tries=1 +time=60 box.outside.example A');
  t.regex(answer, /flags: qr rd ra ad;/);
  t.regex(answer, /198\.51\.100\.\d+/);
});

test('mail comes in from outside', async (t) => receives(t, await mine, (await lab).owner, await reader()));

test('mail goes out to another domain by its MX, encrypted and signed; the answer comes back', async (t) => {
  const { zone, owner } = await lab;
  await zone.publish([
    await dkimRecord('example.com', await (await mine).run('cat /home/user-data/mail/dkim/mail.txt')),
  ]);
  const got = await submits(t, await mine, owner, await theirReader(), 'you@outside.example');
  t.regex(got, /^Received: from box\.example\.com .*(\r?\n[ \t].*)*TLS/m);
  t.regex(got, /^Authentication-Results: [^;]*(\r?\n[ \t])*.*;(\r?\n)?\s*dkim=pass/m);
  const subject = `answer ${Date.now()}`;
  const answering = { from: 'you@outside.example', to: owner.email, subject, auth: (await other).owner };
  await deliver(await theirs, 587, { ...answering, tls: 'required' });
  t.regex(await (await reader()).imap(subject), /^From: .*you@outside\.example/m);
  t.is((await (await mine).run('postqueue -j')).trim(), '', 'nothing waits in the queue');
});

test('what a submitted mail tells of its sender’s network stops at the box', async (t) => {
  const got = await submits(t, await mine, (await lab).owner, await theirReader(), 'you@outside.example');
  t.notRegex(got, /198\.51\.100\.1\]/);
  t.notRegex(got, /client\.outside\.example/);
});

test('a submitted mail without a date and a number of its own gets both (RFC 6409, section 8)', async (t) => {
  const { owner } = await lab;
  const connection = await Conversation.open(await mine, 587, { tls: true });
  await connection.begin(owner);
  const { code, text } = await connection.mail(owner.email, owner.email, 'Subject: bare\r\n\r\nText.');
  t.is(code, 250, text);
  await connection.quit();
  const got = await (await reader()).imap('bare');
  t.regex(got, /^Message-Id: <\S+@box\.example\.com>\r?$/im);
  t.regex(got, /^Date: /m);
});

test('it refuses what it must', async (t) => {
  const { owner } = await lab;
  await refuses(t, await mine, owner, await reader());
  const box = await mine;
  const unknown = await smtp(box, 25, { from: box.stranger, subject: 'nobody', to: 'nobody@example.com' });
  t.regex(unknown.stdout, /^<\*\* +550 /m);
});

test('a refused mail is neither delivered nor queued', async (t) => {
  const found = await (await reader()).curl(`imaps://${hostname}:993/INBOX`, [
    'request = "SEARCH SUBJECT \\"must not arrive\\""',
  ]);
  t.regex(found.stdout, /^\* SEARCH\s*$/);
});

test('of all 65535 TCP ports only the declared ones are reachable', async (t) => {
  const box = await mine;
  const open = await openTcpPorts((await lab).outside, box.host);
  await servesOnly(t, box, open);
  t.deepEqual(open, [22, 25, 53, 80, 443, 465, 587, 993, 995, 4190]);
});

test('the web page says whose box this is, over TLS only', async (t) => {
  const box = await mine;
  const { certificate } = await reader();
  const curl = [...box.prefix, 'curl', '--disable', '-sS', '--max-time', '20', '--cacert', certificate];
  const at = ['--connect-to', `::${box.host}`];
  t.regex(await output([...curl, ...at, `https://${hostname}/`]), /box\.example\.com/);
  const head = await output([...curl, ...at, '--head', `http://${hostname}/x`]);
  t.regex(head, /^HTTP\/1\.1 301 /);
  t.regex(head, new RegExp(`^location: https://${hostname}/x\\r$`, 'im'));
  t.regex(
    await output([...curl, ...at, '--head', `https://${hostname}/`]),
    /^strict-transport-security: max-age=\d{8}/im,
  );
});

test('a reboot keeps keys and mail', async (t) => restartKeeps(t, {}));

test('a new instance-id keeps keys and mail', async (t) => restartKeeps(t, { instance: 'another' }));

async function restartKeeps(t: ExecutionContext, { instance }: { instance?: string }): Promise<void> {
  const box = await mine;
  const { owner } = await lab;
  const subject = `before ${Date.now()}`;
  await deliver(box, 25, { from: box.stranger, to: owner.email, subject });
  await (await reader()).imap(subject);
  const before = await keptFiles(box);
  await box.kill();
  const settings = settingsOf(owner, {
    lab: { rootHints: ['198.51.100.1'], trustAnchor: (await lab).zone.trustAnchor },
  });
  const documents = documentsOf(owner, settings);
  const metaData =
    instance === undefined
      ? documents.metaData
      : documents.metaData.replace(/instance-id: .*/, `instance-id: ${instance}`);
  await box.start({ ...documents, metaData });
  const again = await box.console.outcome();
  t.is(again.stage, 'ready', again.error);
  t.is(await keptFiles(box), before);
  t.is(again.certificateSha256, (await said).certificateSha256);
  t.regex(await (await reader()).imap(subject), new RegExp(`^Subject: ${subject}`, 'm'));
  // A new instance-id is how a cloud says "a copy of this disk": cloud-init then makes new ssh host keys.
  if (instance === undefined) t.deepEqual(again.sshHostKeys, (await said).sshHostKeys);
}

/** opendkim-genkey(8) writes the record over several lines, in parentheses; a zone wants it on one, with the whole name. */
async function dkimRecord(domain: string, file: string): Promise<string> {
  const strings = [...file.matchAll(/"[^"]*"/g)].map(([text]) => text).join(' ');
  return `mail._domainkey.${domain}. TXT ${strings}`;
}
