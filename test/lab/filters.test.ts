/** What happens to mail from strangers: block lists, greylisting, SPF and DMARC, the spam filter and its training. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { deliver, Reader, smtp } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { dblRecord, zenRecord } from './world/block-lists.ts';
import { makeLab } from './world/lab.ts';
import { header, Strangers, withoutIllegalAddresses } from './world/strangers.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-filters');
const lab = makeLab(kept);
const mine = lab.then(({ box, owner }) => box('box', owner));
const started = mine.then(async (box) => {
  await box.start();
  const outcome = await box.console.outcome();
  await withoutIllegalAddresses(box);
  return outcome;
});
const strangers = lab.then(Strangers.of);
/**
 * Published before anything is asked: the box's resolver infers from signed denials that a name is not there
 * (RFC 8198), for as long as they live.
 */
const published = Promise.all([lab, strangers]).then(async ([{ zone }, all]) => {
  const [listed, mistaken] = [await all.client(66), await all.client(68)];
  for (const name of ['bad.example', 'fine.example']) await all.domain(name);
  await zone.publish([
    zenRecord(listed.address, '127.0.0.4'),
    dblRecord('bad.example'),
    zenRecord(mistaken.address, '127.255.255.254'),
    dblRecord('fine.example', '127.0.1.255'),
  ]);
});
const reader = started.then(async () => {
  const box = await mine;
  return Reader.of(box, hostname, (await lab).owner, box.folder);
});
const to = lab.then(({ owner }) => owner.email);
const greylisted = /^<\*\* +450 4\.2\.0 .*Greylisted/m;

test('a client in Spamhaus Zen is refused, whoever it writes to', async (t) => {
  t.is((await started).stage, 'ready', (await started).error);
  await published;
  const client = await (await strangers).client(66);
  const said = await smtp(await mine, 25, {
    client,
    from: 'a@known.example',
    to: await to,
    subject: 'listed',
  });
  t.regex(said.stdout, /^<\*\* +554 5\.7\.1 .*blocked using zen\.spamhaus\.org/m);
});

test('a sender whose domain is in the Domain Block List is refused', async (t) => {
  const client = await (await strangers).client(67);
  const said = await smtp(await mine, 25, { client, from: 'a@bad.example', to: await to, subject: 'listed' });
  t.regex(said.stdout, /^<\*\* +554 5\.7\.1 .*blocked using dbl\.spamhaus\.org/m);
});

test('an answer that is an error code of the block lists rejects nobody', async (t) => {
  const client = await (await strangers).client(68);
  const said = await smtp(await mine, 25, {
    client,
    from: 'a@fine.example',
    to: await to,
    subject: 'not listed',
  });
  t.regex(said.stdout, greylisted, 'it gets as far as greylisting');
});

test('nobody there: an unknown recipient is told so before greylisting', async (t) => {
  const client = await (await strangers).client(69);
  const said = await smtp(await mine, 25, {
    client,
    from: 'a@known.example',
    to: 'nobody@example.com',
    subject: 'x',
  });
  t.regex(said.stdout, /^<\*\* +550 5\.1\.1 /m);
});

test('a first-time sender is asked to come again, and let in a minute later; a restart forgets nothing', async (t) => {
  const client = await (await strangers).client(70);
  const mail = { client, from: 'first@known.example', to: await to, subject: `came again ${Date.now()}` };
  t.regex((await smtp(await mine, 25, mail)).stdout, greylisted);
  const asked = Date.now();
  t.regex((await smtp(await mine, 25, mail)).stdout, greylisted, 'at once is too early');
  await (await mine).run('systemctl restart postgrey');
  await waitFor('the minute of greylisting', async () => {
    const { code } = await smtp(await mine, 25, mail);
    return code === 0 ? true : undefined;
  });
  t.true(Date.now() - asked > 50_000, `${Date.now() - asked} ms`);
  t.regex(await (await reader).imap(mail.subject), /^Subject: came again/m);
  await deliver(await mine, 25, { ...mail, subject: `known now ${Date.now()}` });
});

test('GTUBE lands in Spam, with its score for a person to see', async (t) => {
  await trustClients(await mine);
  const client = await (await strangers).client(71);
  const subject = `gtube ${Date.now()}`;
  const body = 'XJS*C4JDBQADN1.NSBN3*2IDNEN*GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X\n';
  await deliver(await mine, 25, { client, from: 'a@known.example', to: await to, subject, body });
  const mail = await (await reader).imap(subject, 60, 'Spam');
  t.regex(header(mail, 'X-Spam-Status'), /^Yes, score=1\d\d\d/);
});

test('a good mail stays in the inbox: SPF and DMARC pass and the filter counts both', async (t) => {
  const client = await (await strangers).client(72);
  await (await strangers).domain('good.example', {
    spf: `v=spf1 ip4:${client.address} -all`,
    dmarc: 'v=DMARC1; p=reject',
  });
  const subject = `good ${Date.now()}`;
  const headers = { From: 'Good <a@good.example>' };
  await deliver(await mine, 25, { client, from: 'a@good.example', to: await to, subject, headers });
  const mail = await (await reader).imap(subject);
  t.regex(mail, /^Authentication-Results: box\.example\.com;\s+dmarc=pass/m);
  t.regex(mail, /^Authentication-Results: box\.example\.com;\s+spf=pass/m);
  t.regex(header(mail, 'X-Spam-Status'), /BOX_DMARC_PASS\b.*BOX_SPF_PASS\b/s);
});

test('a forged author: the domain says reject, the mail goes to Spam, and a forged verdict counts for nothing', async (t) => {
  const client = await (await strangers).client(73);
  const subject = `forged ${Date.now()}`;
  const headers = {
    From: 'Good <a@good.example>',
    'Authentication-Results': `${hostname}; dmarc=pass (p=reject dis=none) header.from=good.example`,
  };
  await deliver(await mine, 25, { client, from: 'a@known.example', to: await to, subject, headers });
  const mail = await (await reader).imap(subject, 60, 'Spam');
  t.regex(header(mail, 'X-Spam-Status'), /^Yes.*BOX_DMARC_FAIL_REJECT/s);
  t.notRegex(mail, /dmarc=pass/);
});

test('a sender that its domain forbids: SPF fails and weighs 5', async (t) => {
  const client = await (await strangers).client(74);
  await (await strangers).domain('strict.example', { spf: 'v=spf1 ip4:198.51.100.250 -all' });
  const subject = `not allowed ${Date.now()}`;
  await deliver(await mine, 25, { client, from: 'a@strict.example', to: await to, subject });
  const mail = await (await reader).imap(subject, 60, 'Spam');
  t.regex(mail, /5\.0 BOX_SPF_FAIL/);
});

test('inbound.dmarc: reject refuses the forged author at the door', async (t) => {
  const box = await mine;
  // What the plan renders for that value; test/unit/builder/roles/roles.test.ts proves the rendering.
  await box.run(
    "sed -i 's/^RejectFailures .*/RejectFailures true/' /etc/opendmarc.conf && systemctl restart opendmarc",
  );
  const client = await (await strangers).client(75);
  const headers = { From: 'Good <a@good.example>' };
  const said = await smtp(await mine, 25, {
    client,
    from: 'a@known.example',
    to: await to,
    subject: 'at the door',
    headers,
  });
  t.regex(said.stdout, /^<\*\* +550 5\.7\.1 rejected by DMARC policy/m);
});

test('moving mail into Spam and out of it trains the filter', async (t) => {
  const me = await reader;
  const before = await learned(t);
  const subject = `was no spam ${Date.now()}`;
  const client = await (await strangers).client(72);
  await deliver(await mine, 25, { client, from: 'a@good.example', to: await to, subject });
  await me.imap(subject);
  await me.move(subject, 'INBOX', 'Spam');
  // It learns with little priority, and each look costs a second of a processor.
  const seldom = 2000;
  await waitFor(
    'the filter to learn a spam',
    async () => ((await learned(t)).spam === before.spam + 1 ? true : undefined),
    { everyMs: seldom },
  );
  await me.move(subject, 'Spam', 'INBOX');
  // Learned again as its opposite, it is no spam any more.
  await waitFor(
    'the filter to learn better',
    async () => {
      const { spam, ham } = await learned(t);
      return spam === before.spam && ham === before.ham + 1 ? true : undefined;
    },
    { everyMs: seldom },
  );
  const copies = async () =>
    (await (await mine).run('find /home/user-data/mail/spamassassin/training -type f')).trim();
  // It removes them a moment after it has learned.
  await waitFor('the copies to go', async () => ((await copies()) === '' ? true : undefined));
  t.is(await copies(), '', 'no copy is kept');
});

test('what the filter has learned lies on the storage root, for its own user', async (t) => {
  const listing = await (await mine).run("stat -c '%U %a %n' /home/user-data/mail/spamassassin/bayes_*");
  for (const line of listing.trim().split('\n')) t.regex(line, /^spampd 6[46]0 /);
});

async function learned(_: unknown): Promise<{ spam: number; ham: number }> {
  const dump = await (await mine).run('runuser -u spampd -- sa-learn --dump magic 2>/dev/null || true');
  const count = (name: string) =>
    Number(new RegExp(`(\\d+) +\\d+ +non-token data: ${name}$`, 'm').exec(dump)?.[1] ?? 0);
  return { spam: count('nspam'), ham: count('nham') };
}
