/** Reports of other mail servers, from their mail to the panel's page: whole ones, hostile ones, and ways around. */
import { gzipSync } from 'node:zlib';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { hostname } from '../rig/owner.ts';
import { waitFor } from '../rig/wait.ts';
import { alone, feedback, mixed, tlsReport, zip } from '../unit/box/reports/samples.ts';
import { Conversation } from './world/conversation.ts';
import { panelLab } from './world/panel-lab.ts';
import { honest, honestDomain, pretender } from './world/senders.ts';
import { queueIsEmpty } from './world/started.ts';
import { WebClient } from './world/web-client.ts';

const test = anyTest.serial;
const ready = panelLab(artefacts(anyTest, 'lab-reports')).then(async (it) => ({
  ...it,
  web: await WebClient.of(it.box),
}));

const address = `mail-reports@${hostname}`;
const folder = '/home/user-data/mail/reports';
const day = 86_400;
/** Yesterday, in whose reports everybody is just now. */
const begin = Math.floor(Date.now() / 1000 / day) * day - day;
const times = { begin, end: begin + day - 1 };

const row = (ip: string, count: number, fate: string, verdict: string) =>
  `<record><row><source_ip>${ip}</source_ip><count>${count}</count><policy_evaluated><disposition>${fate}</disposition>` +
  `<dkim>${verdict}</dkim><spf>${verdict}</spf></policy_evaluated></row><identifiers><header_from>example.com</header_from></identifiers></record>`;

/** Says a mail on port 25, and waits until the box has done with it. */
async function send(mail: Buffer, client = honest, to = address) {
  const { box } = await ready;
  const from = `reports@${client === honest ? honestDomain : 'client.outside.example'}`;
  const [conversation] = await Conversation.from(client.address, box, 25);
  await conversation.say(`EHLO ${client.helo}`);
  const text = mail.toString('latin1').replace('noreply@reports.example', from);
  const reply = await conversation.mail(from, to, text);
  conversation.close();
  await queueIsEmpty(box);
  await isTaken();
  return reply;
}

/** Nothing lies there any more that is to be taken apart. */
const isTaken = async () =>
  waitFor('it to be taken apart', async () =>
    (await (await ready).box.run(`ls ${folder}/new`)).trim() === '' ? true : undefined,
  );

interface Told {
  readonly reports: number;
  readonly unproven: number;
  readonly mails: readonly { readonly text: string; readonly told_by: readonly string[] }[];
  readonly connections: readonly { readonly text: string }[];
}
const told = async (): Promise<Told> => JSON.parse(await (await ready).box.run('box reports --json'));

test('the zones ask for reports at an address of the box’s own, which is none of a mailbox', async (t) => {
  const { box } = await ready;
  const shown = await box.run('box dns show');
  t.true(shown.includes(`v=DMARC1; p=quarantine; rua=mailto:${address}`), shown);
  t.true(shown.includes(`v=TLSRPTv1; rua=mailto:${address}`), shown);
  t.regex(await box.run('box alias list'), /^mail-reports@\S+ -> mail-reports@localhost \(required\)$/m);
  t.is((await box.run(`stat -c '%a %U %G' ${folder}`)).trim(), '700 box-reports box-reports');
});

test('a zipped report of a sender that proves itself is kept by a user without rights, and told in plain words', async (t) => {
  const { box, web, me } = await ready;
  const records = row(box.host, 42, 'none', 'pass') + row('198.51.100.9', 3, 'reject', 'fail');
  const xml = feedback({ ...times, org: 'google.com', records });
  t.is(
    (await send(alone({ type: 'application/zip', name: 'a.zip', bytes: zip({ 'a.xml': xml }) }))).code,
    250,
  );
  const files = (await box.run(`stat -c '%a %U %n' ${folder}/*.json`)).trim().split('\n');
  t.is(files.length, 1);
  t.regex(files[0] ?? '', /^600 box-reports \S+\/\d{4}-\d\d-\d\d-dmarc-[0-9a-f]{24}\.json$/);
  t.like(await told(), {
    reports: 1,
    unproven: 0,
    mails: [
      { text: '42 mails in your name came from this box and were taken as yours', told_by: ['google.com'] },
      { text: '3 mails in your name came from 198.51.100.9 and were refused', told_by: ['google.com'] },
    ],
  });
  const { status, body } = await web.ask('GET /system/reports', { as: me });
  t.is(status, 200);
  t.like(JSON.parse(body), { address, reports: 1 });
  t.is((await web.ask('GET /system/reports?days=401', { as: me })).status, 400);
  t.is(
    (
      await web.ask('GET /system/reports', {
        as: { ...me, email: 'you@example.com' },
        headers: ['x-requested-with: XMLHttpRequest'],
      })
    ).status,
    403,
  );
});

test('gzip, plain XML and reports of encryption come in too; who proves nothing is counted; a tag changes nothing', async (t) => {
  const xml = feedback({
    ...times,
    org: 'Yahoo',
    id: '2',
    records: row('198.51.100.9', 2, 'reject', 'fail'),
  });
  const of = (bytes: Buffer | string) => mixed([{ type: 'application/gzip', name: 'a.xml.gz', bytes }]);
  t.is((await send(of(gzipSync(xml)), pretender)).code, 250);
  t.is((await send(of(xml.replace('Yahoo', 'Fastmail')), honest, `mail-reports+x@${hostname}`)).code, 250);
  const range = {
    'start-datetime': new Date(begin * 1000).toISOString(),
    'end-datetime': new Date((begin + day - 1) * 1000).toISOString(),
  };
  const bytes = gzipSync(tlsReport({ 'date-range': range }));
  const type = 'multipart/report; report-type="tlsrpt"';
  t.is((await send(mixed([{ type: 'application/tlsrpt+gzip', name: 'a.json.gz', bytes }], type))).code, 250);
  const { reports, unproven, mails, connections } = await told();
  t.deepEqual([reports, unproven], [4, 1]);
  t.true(
    mails.some(
      ({ text, told_by }) =>
        /^7 mails .* 198\.51\.100\.9 and were refused$/.test(text) && told_by.length === 3,
    ),
  );
  t.regex(connections[0]?.text ?? '', /^3 of 123 connections .*: the certificate has expired$/);
});

test('bombs, entities and nonsense are taken and left: nothing is kept, nothing is sent back, and the next one comes in', async (t) => {
  const { box } = await ready;
  const before = (await told()).reports;
  const bomb = `${feedback(times).slice(0, 300)}${' '.repeat(100 * 1_048_576)}`;
  const part = (bytes: Buffer | string) => mixed([{ type: 'application/octet-stream', name: 'a', bytes }]);
  const entity = '?><!DOCTYPE feedback [<!ENTITY x SYSTEM "file:///etc/passwd">]>';
  for (const bytes of [
    gzipSync(bomb),
    zip({ 'a.xml': bomb }),
    feedback({ ...times, org: '&x;' }).replace('?>', entity),
    gzipSync('no report'),
    Buffer.alloc(15 * 1_048_576, 0x41),
  ])
    t.is((await send(part(bytes))).code, 250);
  t.is((await told()).reports, before);
  const log = await box.run("grep -a 'box-reports' /var/log/mail.log");
  t.regex(log, /left: too much is packed in it/);
  t.regex(log, /left: it has a document type/);
  t.regex(log, /left: a mail that is too long/);
  t.notRegex(await box.run('cat /var/log/mail.log'), /relay=reports.*status=(bounced|deferred)/);
  t.is((await send(part(gzipSync(feedback({ ...times, id: 'after' }))))).code, 250);
  t.is((await told()).reports, before + 1);
});

test('nobody outside can name where the alias leads, and nobody may write as it', async (t) => {
  const { box, me } = await ready;
  const refused = await send(Buffer.from('Subject: x\r\n\r\nx'), honest, 'mail-reports@localhost');
  t.true(refused.code >= 500, refused.text);
  const conversation = await Conversation.open(box, 587, { tls: true });
  await conversation.begin(me);
  const reply = await conversation.mail(address, me.email, `From: ${address}\r\nSubject: x\r\n\r\nx`);
  t.true(reply.code >= 500, reply.text);
  conversation.close();
});

test('while it can’t be written down the mail waits, and is not lost', async (t) => {
  const { box } = await ready;
  const before = (await told()).reports;
  await box.run(`chown root ${folder}/new`);
  const mail = mixed([{ type: 'text/xml', name: 'a.xml', bytes: feedback({ ...times, id: 'waits' }) }]);
  const [conversation] = await Conversation.from(honest.address, box, 25);
  await conversation.say(`EHLO ${honest.helo}`);
  const from = `reports@${honestDomain}`;
  t.is((await conversation.mail(from, address, mail.toString('latin1'))).code, 250);
  conversation.close();
  await waitFor('it to wait', async () =>
    /relay=reports.*status=deferred/.test(await box.run('cat /var/log/mail.log')) ? true : undefined,
  );
  await box.run(`chown box-reports ${folder}/new; postqueue -f`);
  await waitFor('it to be taken', async () => ((await told()).reports === before + 1 ? true : undefined));
});

test('the panel shows charts, and a table by sender and day; axe finds nothing there', async (t) => {
  const { person } = await ready;
  await person.go('Reports');
  await person.sees('main', /3 mails in your name came|7 mails in your name came/);
  await person.sees('main', /By day and sender/);
  await person.sees('main', /the certificate has expired/);
  t.is((await person.page.$$('.chart')).length, 2);
  for (const scheme of ['light', 'dark'] as const) {
    await person.colours(scheme);
    t.deepEqual(await person.barriers(), [], scheme);
    await person.picture(`reports-${scheme}`);
  }
  await person.press('A year');
  await person.sees('main', /By day and sender/);
  t.deepEqual(person.complaints, []);
});
