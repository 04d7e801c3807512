/** The box's own reports: from mail that came and went to a report at whoever asks for it, and at nobody else. */
import { gunzipSync } from 'node:zlib';
import anyTest from 'ava';
import PostalMime from 'postal-mime';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { faultsOfFeedback, readTlsTold } from '../unit/box/reports/sending/schemas.ts';
import { Conversation } from './world/conversation.ts';
import { makeLab } from './world/lab.ts';
import type { LabBox } from './world/nspawn.ts';
import { queueIsEmpty, started } from './world/started.ts';
import { likesEverything, Strangers } from './world/strangers.ts';

const test = anyTest.serial;
const day = 86_400_000;
const dayOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const tally = '/var/lib/box-counts/tally.json';

const ready = makeLab(artefacts(anyTest, 'lab-reports-sent')).then(async (lab) => {
  const strangers = await Strangers.of(lab);
  const client = await strangers.client(80);
  const [box, asks, other] = await Promise.all([
    started(lab, 'box', lab.owner),
    lab.mta({ domain: 'asks.example', tls: 'self-signed', tlsa: 'matching' }),
    lab.mta({ domain: 'other.example', tls: 'self-signed' }),
  ]);
  await likesEverything(box);
  const record = await box.run('cat /home/user-data/mail/dkim/mail.txt');
  const strings = [...record.matchAll(/"[^"]*"/g)].map(([text]) => text).join(' ');
  const spf = `"v=spf1 ip4:${client.address} -all"`;
  await lab.zone.publish([
    `mail._domainkey.${hostname}. TXT ${strings}`,
    `asks.example. TXT ${spf}`,
    '_dmarc.asks.example. TXT "v=DMARC1; p=quarantine; rua=mailto:dmarc@asks.example; fo=1"',
    '_smtp._tls.asks.example. TXT "v=TLSRPTv1; rua=mailto:tls@asks.example"',
    // Of another organisation, which agrees to one of the two.
    ...['agreed.example', 'elsewhere.example'].flatMap((domain) => [
      `${domain}. MX 10 mx.other.example.`,
      `${domain}. TXT ${spf}`,
      `_dmarc.${domain}. TXT "v=DMARC1; p=none; rua=mailto:dmarc@other.example"`,
    ]),
    'agreed.example._report._dmarc.other.example. TXT "v=DMARC1"',
  ]);
  return { lab, box, asks, other, client, me: lab.owner };
});

/** A mail from the stranger's address. */
async function comes(from: string, author = from): Promise<void> {
  const { box, client, me } = await ready;
  const [conversation] = await Conversation.from(client.address, box, 25);
  await conversation.say(`EHLO ${client.helo}`);
  const head = [`From: ${author}`, `To: ${me.email}`, 'Subject: hello', `Date: ${new Date().toUTCString()}`];
  const { code } = await conversation.mail(from, me.email, [...head, '', 'Hello.'].join('\r\n'));
  conversation.close();
  if (code !== 250) throw new Error(`${from}: ${code}`);
}

/** Two looks, as if an hour were between them: what was written before the first is counted at the second. */
async function count(box: LabBox): Promise<void> {
  for (let look = 0; look < 2; look++) {
    await box.run(`touch -d '2 hours ago' ${tally} 2>/dev/null || true`);
    await box.run('systemctl start box-count-reports.service');
  }
}

/** As if all that is counted were of the day before. */
const makeYesterday = (box: LabBox) =>
  box.run(`sed -i 's/"${dayOf(Date.now())}"/"${dayOf(Date.now() - day)}"/' ${tally}`);

interface Report {
  readonly mail: string;
  readonly subject: string;
  readonly text: string;
  readonly type: string;
}
async function reportOf(mail: string): Promise<Report> {
  const { attachments, subject = '' } = await PostalMime.parse(mail);
  const [first] = attachments;
  if (first === undefined) throw new Error(`nothing is attached: ${mail}`);
  const text = gunzipSync(Buffer.from(first.content as ArrayBuffer)).toString('utf8');
  return { mail, subject, text, type: first.mimeType };
}

/** What Mail::DKIM, which is the spam filter's, says of a mail. */
const verdictOf = (box: LabBox, mail: string) =>
  box.run(
    `perl -MMail::DKIM::Verifier -e '$d = Mail::DKIM::Verifier->new; while (<STDIN>) { s/\\r?\\n\\z//; $d->PRINT("$_\\015\\012") }
      $d->CLOSE; print $d->result, " ", $d->signature->domain'`,
    mail,
  );

test('each domain that asks gets its report once, signed, aligned and valid; who has not agreed gets none', async (t) => {
  const { box, asks, other, me } = await ready;
  await comes('a@asks.example');
  await comes('a@asks.example');
  await comes('a@agreed.example', 'a@asks.example');
  await comes('a@agreed.example');
  await comes('a@elsewhere.example');
  await deliver(box, 587, {
    from: me.email,
    to: 'x@asks.example',
    subject: 'out',
    auth: me,
    tls: 'required',
  });
  await asks.mail('out');
  await queueIsEmpty(box);
  await count(box);
  await box.run('systemctl start box-send-reports.service');
  t.is(asks.mails().length, 1, 'the day is not over');
  await makeYesterday(box);
  t.regex(
    await box.run('box reports send --look'),
    /would be sent: dmarc \S+ agreed\.example to dmarc@other\.example/,
  );
  await box.run('systemctl start box-send-reports.service');
  await queueIsEmpty(box);
  const reports = await waitFor('the reports', async () => {
    const all = asks.mails().filter((mail) => /^Subject: Report Domain: asks\.example/m.test(mail));
    return all.length >= 2 ? Promise.all(all.map(reportOf)) : undefined;
  });
  t.is(reports.length, 2);

  const feedback = reports.find(({ type }) => type === 'application/gzip');
  const encryption = reports.find(({ type }) => type === 'application/tlsrpt+gzip');
  if (feedback === undefined || encryption === undefined) return t.fail(JSON.stringify(reports));
  t.deepEqual(await faultsOfFeedback(feedback.text), []);
  const rows = [
    ...feedback.text.matchAll(/<count>(\d+)<[\s\S]*?<disposition>(\w+)<[\s\S]*?<spf>(\w+)</g),
  ].map(([, ...row]) => row.join(' '));
  t.deepEqual(rows.sort(), ['1 quarantine fail', '2 none pass']);
  t.true(feedback.text.includes('<p>quarantine</p>') && feedback.text.includes('<fo>1</fo>'), feedback.text);
  t.notRegex(feedback.text, /@asks\.example|me@/);

  const told = readTlsTold(encryption.text);
  t.like(told.policies[0], {
    policy: { 'policy-type': 'tlsa', 'policy-domain': 'asks.example' },
    summary: { 'total-successful-session-count': 1, 'total-failure-session-count': 0 },
  });
  t.regex(encryption.mail, /^TLS-Report-Domain: asks\.example$/m);
  t.regex(encryption.mail, /^Content-Type: multipart\/report; report-type="?tlsrpt/m);

  for (const { mail } of reports) {
    t.regex(mail, new RegExp(`^From: "?${hostname}"? <mail-reports@${hostname}>`, 'm'));
    t.regex(mail, new RegExp(`^Return-Path: <mail-reports@${hostname}>`, 'm'));
    t.is(await verdictOf(box, mail), `pass ${hostname}`);
  }
  const there = await Promise.all(other.mails().map(reportOf));
  t.deepEqual(
    there.map(({ subject }) => subject.split(' ')[2]),
    ['agreed.example'],
  );

  await box.run('systemctl start box-send-reports.service');
  await queueIsEmpty(box);
  t.is(asks.mails().length, 3);
  t.regex(await box.run('box reports'), new RegExp(`the last time 3 for ${dayOf(Date.now() - day)}`));
});

test('connections that carried the reports are not reported; what fails is, by its kind', async (t) => {
  const { lab, box, me } = await ready;
  await lab.mta({ domain: 'mismatch.example', tls: 'self-signed', tlsa: 'another' });
  await lab.zone.publish(['_smtp._tls.mismatch.example. TXT "v=TLSRPTv1; rua=mailto:tls@other.example"']);
  await deliver(box, 587, {
    from: me.email,
    to: 'x@mismatch.example',
    subject: 'no',
    auth: me,
    tls: 'required',
  });
  await waitFor('word of it in the log', async () =>
    (await box.run('cat /var/log/mail.log')).includes('to=<x@mismatch.example>') ? true : undefined,
  );
  await box.run('postsuper -d ALL');
  await count(box);
  const { sessions } = JSON.parse(await box.run(`cat ${tally}`)).days[dayOf(Date.now())];
  t.deepEqual(Object.keys(sessions), ['mismatch.example']);
  // As Postfix calls it: its key is none of the TLSA records', or nobody's.
  const [{ type, mx, count: times }] = sessions['mismatch.example'].failures;
  t.regex(type, /^(validation-failure|certificate-not-trusted)$/);
  t.deepEqual([mx, times >= 1], ['mx.mismatch.example', true]);
});

test('who counts has a user of its own and no network; OpenDMARC’s history is nobody else’s', async (t) => {
  const { box } = await ready;
  t.is((await box.run(`stat -c '%a %U %G' ${tally}`)).trim(), '600 box-counts box-counts');
  t.is((await box.run("stat -c '%a %U %G' /var/lib/box-dmarc")).trim(), '730 box-counts opendmarc');
  t.not((await box.outcome('runuser -u box-reports -- cat /var/log/mail.log')).code, 0);
  t.is(await box.run('systemctl show -P PrivateNetwork box-count-reports.service'), 'yes\n');
});

test('an owner who wants none sent counts none', async (t) => {
  const { box } = await ready;
  await box.run(`python3 -c 'import json
p = "/etc/box/settings.json"
s = json.load(open(p)); s["reports"] = False; json.dump(s, open(p, "w"))'`);
  t.regex(await box.run('box reports send'), /no reports are sent/);
  await box.run('sed -i "s/^BOX_REPORTS=.*/BOX_REPORTS=\'no\'/" /etc/box/box.env');
  await box.run('systemctl start box-count-reports.service');
  t.is(await box.run(`ls ${tally} /var/lib/box-dmarc 2>/dev/null || true`), '/var/lib/box-dmarc:\n');
});
