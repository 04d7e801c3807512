/** The lab itself: what the other tests rely on is there, as a box sees it. */
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { deliver } from '../rig/mail.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { dblRecord, zenRecord } from './world/block-lists.ts';
import { makeLab } from './world/lab.ts';
import { honest, honestDomain, pretender } from './world/senders.ts';

const test = anyTest.serial;
const lab = makeLab(artefacts(anyTest, 'lab-internet'));
const ready = lab.then(async ({ box, owner }) => {
  const mine = await box('box', owner);
  await mine.start();
  return { mine, said: await mine.console.outcome() };
});

async function dig(...question: string[]): Promise<string> {
  const { mine } = await ready;
  return mine.run(`dig +dnssec +tries=2 +time=5 ${question.join(' ')}`);
}

test('a box starts in it', async (t) => t.is((await ready).said.stage, 'ready'));

test('signed zones validate down from the root; the unsigned one does not, and is no error', async (t) => {
  const { zone } = await lab;
  await zone.publish(['a.unsigned.example. A 198.51.100.250', 'a.signed.com. A 198.51.100.251']);
  const signed = await dig('a.signed.com', 'A');
  t.regex(signed, /flags: qr rd ra ad;/);
  t.regex(signed, /198\.51\.100\.251/);
  const unsigned = await dig('a.unsigned.example', 'A');
  t.regex(unsigned, /status: NOERROR/);
  t.notRegex(unsigned, /flags:[^;]* ad[ ;]/);
  t.regex(unsigned, /198\.51\.100\.250/);
});

test('with a clock that is wrong by years nothing validates, but the time servers are found', async (t) => {
  const { mine } = await ready;
  const { zone } = await lab;
  const server = '2.debian.pool.ntp.org. A 198.51.100.123';
  await zone.publish([server, 'a.signed.com. A 198.51.100.251']);
  const conf = '/etc/unbound/unbound.conf.d/zz-clock.conf';
  for (const date of ['20310101000000', '20010101000000']) {
    await mine.run(
      `printf 'server:\\n  val-override-date: "${date}"\\n' >${conf} && systemctl restart unbound`,
    );
    t.regex(await dig('a.signed.com', 'A'), /status: SERVFAIL/, date);
    t.regex(await dig('2.debian.pool.ntp.org', 'A'), /198\.51\.100\.123/, date);
    t.regex(await dig('2.debian.pool.ntp.org', 'AAAA'), /status: NOERROR/, date);
  }
  await mine.run(`rm ${conf} && systemctl restart unbound`);
  t.regex(await dig('a.signed.com', 'A'), /flags: qr rd ra ad;/);
});

test('chrony has all of its configuration, and sets a clock that is far off whenever that is', async (t) => {
  const { mine } = await ready;
  const settings = await mine.run('chronyd -p');
  t.regex(settings, /^makestep 10 -1$/m);
  t.notRegex(settings, /^makestep 1 3$/m);
  t.regex(settings, /^port 0$/m);
  t.regex(settings, /^pool 2\.debian\.pool\.ntp\.org iburst$/m);
  t.is((await mine.run('systemctl is-active box-resolver-clock.timer')).trim(), 'active');
  await mine.run('systemctl start box-resolver-clock.service');
  t.is((await mine.run('systemctl is-active unbound')).trim(), 'active');
});

test('addresses have names', async (t) => {
  t.regex(await dig('-x', honest.address), /PTR\tmail\.honest\.example\./);
  t.notRegex(await dig('-x', pretender.address), /mail\.honest\.example/);
  t.regex(await dig(honestDomain, 'TXT'), /v=spf1 ip4:198\.51\.100\.201 -all/);
});

test('the block lists list what a test puts there, and forget it', async (t) => {
  const { zone } = await lab;
  t.regex(await dig('202.100.51.198.zen.spamhaus.org'), /status: NXDOMAIN/);
  const records = [zenRecord(pretender.address), dblRecord('spam.example')];
  await zone.publish(records);
  t.regex(await dig('202.100.51.198.zen.spamhaus.org'), /A\t127\.0\.0\.2/);
  t.regex(await dig('spam.example.dbl.spamhaus.org'), /A\t127\.0\.1\.2/);
  await zone.withdraw(records);
  await waitFor('the resolver to forget what is no longer listed', async () =>
    (await dig('202.100.51.198.zen.spamhaus.org')).includes('status: NXDOMAIN') ? true : undefined,
  );
  t.pass();
});

test('other mail servers take mail and keep it where a test can read it', async (t) => {
  const { mta, outside } = await lab;
  const taker = await mta({ domain: 'taker.example', tls: 'self-signed' });
  const server = {
    host: taker.options.address,
    port: (n: number) => n,
    prefix: outside.prefix,
    stranger: '',
  };
  const subject = `to the lab ${Date.now()}`;
  await deliver(server, 25, {
    from: `someone@${honestDomain}`,
    to: 'x@taker.example',
    subject,
    client: honest,
  });
  t.regex(await taker.mail(subject), /^Received: from mail\.honest\.example .*198\.51\.100\.201/m);
});

test('no namespace of it has a route to anything outside', async (t) => {
  const { outside } = await lab;
  const routes = (await output(['ip', '-n', outside.name, 'route'])).trim().split('\n');
  t.true(
    routes.every((route) => route.startsWith('198.51.100.0/24 dev br0')),
    routes.join('\n'),
  );
});
