/** Mail out: DANE first, then the recipient's MTA-STS policy, else TLS where there is any; and what must wait, waits. */
import anyTest, { type ExecutionContext } from 'ava';
import { isAtLeast } from '../../releases/version.ts';
import { artefacts } from '../rig/artefacts.ts';
import { trustClients } from '../rig/behaviour.ts';
import { outcome } from '../rig/program.ts';
import { release } from '../rig/release.ts';
import { waitFor } from '../rig/wait.ts';
import { awkward } from './world/awkward-mails.ts';
import { tlsaOf } from './world/certificates.ts';
import { Conversation } from './world/conversation.ts';
import { HelloRecorder } from './world/hello-recorder.ts';
import { makeLab } from './world/lab.ts';
import { policyFor, retry, send } from './world/outbound.ts';

const test = anyTest.serial;
const own = artefacts(anyTest, 'lab-outbound');
const lab = makeLab(own);

const remotes = lab.then(({ mta }) =>
  Promise.all([
    mta({ domain: 'dane.example', tls: 'self-signed', tlsa: 'matching' }),
    mta({ domain: 'dane-mismatch.example', tls: 'self-signed', tlsa: 'another' }),
    mta({ domain: 'sts.example', tls: 'lab-ca', mtaSts: { mode: 'enforce' } }),
    mta({
      domain: 'sts-mismatch.example',
      tls: 'lab-ca',
      certifiedName: 'mx.other.example',
      mtaSts: { mode: 'enforce' },
    }),
    // Whoever bent the MX records has a certificate for a name of the policy's, and not the server of that name.
    mta({
      domain: 'sts-elsewhere.example',
      tls: 'lab-ca',
      certifiedName: 'mx.other.example',
      mtaSts: { mode: 'enforce', mx: ['mx.other.example'] },
    }),
    // The policy names no server of the domain: to heed it would be to deliver nothing.
    mta({
      domain: 'both.example',
      tls: 'self-signed',
      tlsa: 'matching',
      mtaSts: { mode: 'enforce', mx: ['mx.other.example'] },
    }),
    mta({ domain: 'testing.example', tls: 'self-signed', mtaSts: { mode: 'testing' } }),
    mta({ domain: 'in.unsigned.example', tls: 'self-signed', tlsa: 'another' }),
    mta({ domain: 'plain.example', tls: 'self-signed' }),
    mta({ domain: 'clear.example', tls: 'none' }),
    // It takes seven bits of each byte, if one believes what it says.
    mta({ domain: 'seven.example', tls: 'none', settings: { smtpd_discard_ehlo_keywords: '8bitmime' } }),
  ]),
);
const ready = lab.then(async ({ box, owner, ca }) => {
  const mine = await box('box', owner);
  await mine.start();
  const said = await mine.console.outcome();
  if (said.stage !== 'ready') throw new Error(`${said.step}: ${said.error}`);
  await mine.run(ca.install.script, ca.install.input);
  return mine;
});

const comparesPatterns = isAtLeast(release.versions.postfix, '3.10.5');
/** What a policy that names one server asks for. */
const secure = (host: string) =>
  `secure match=${host} servername=hostname${comparesPatterns ? ` policy_type=sts mx_host_pattern=${host}` : ''}`;

async function at(domain: string) {
  const mta = (await remotes).find(({ options }) => options.domain === domain);
  if (mta === undefined) throw new Error(domain);
  return mta;
}

/** Sends a mail that must arrive, with TLS of this kind. */
async function arrives(domain: string) {
  const delivery = await send(await ready, (await lab).owner, `x@${domain}`);
  if (!delivery.line.includes('status=sent')) throw new Error(delivery.line);
  return { ...delivery, mail: await (await at(domain)).mail(delivery.subject) };
}

/** Sends a mail that must wait, also when it is tried again, and of which the server must see nothing. */
async function waits(domain: string) {
  const box = await ready;
  const to = `x@${domain}`;
  const first = await send(box, (await lab).owner, to);
  const second = await retry(box, to);
  const mails = (await at(domain)).mails();
  return { lines: [first.line, second.line], mails, log: (await at(domain)).log() };
}

test('DANE: delivered to the server whose key matches its TLSA record, verified', async (t) => {
  t.is(await policyFor(await ready, 'dane.example'), 'dane-only');
  const { tls, mail } = await arrives('dane.example');
  t.is(tls, 'Verified');
  t.regex(mail, /using TLSv1\.[23] with cipher/);
});

test('DANE: a key that does not match defers the mail; it never falls back', async (t) => {
  t.is(await policyFor(await ready, 'dane-mismatch.example'), 'dane-only');
  const { lines, mails, log } = await waits('dane-mismatch.example');
  for (const line of lines) t.regex(line, /status=deferred \(.*certificate not (trusted|verified)/i);
  t.deepEqual(mails, []);
  t.notRegex(log, / client=/, 'not even an envelope was sent');
});

test('MTA-STS: delivered to the server whose certificate the policy demands, verified', async (t) => {
  t.is(await policyFor(await ready, 'sts.example'), secure('mx.sts.example'));
  t.is((await arrives('sts.example')).tls, 'Verified');
});

test('MTA-STS: a certificate for another name defers the mail', async (t) => {
  const { lines, mails, log } = await waits('sts-mismatch.example');
  for (const line of lines) t.regex(line, /status=deferred \(.*certificate not (trusted|verified)/i);
  t.deepEqual(mails, []);
  t.notRegex(log, / client=/);
});

test('MTA-STS: a server that the policy does not name gets nothing, where Postfix compares that', async (t) => {
  t.is(await policyFor(await ready, 'sts-elsewhere.example'), secure('mx.other.example'));
  if (!comparesPatterns) return t.is((await arrives('sts-elsewhere.example')).tls, 'Verified');
  const { lines, mails, log } = await waits('sts-elsewhere.example');
  for (const line of lines) t.regex(line, /status=deferred/);
  t.deepEqual(mails, []);
  t.false(log.includes((await ready).host), 'it was not even asked');
});

test('DANE wins: an MTA-STS policy that contradicts it is not heeded', async (t) => {
  t.is(await policyFor(await ready, 'both.example'), 'dane-only');
  t.is((await arrives('both.example')).tls, 'Verified');
  t.is((await lab).policies.requests('both.example'), 0);
});

test('a TLSA record in an unsigned zone says nothing', async (t) => {
  t.is(await policyFor(await ready, 'in.unsigned.example'), undefined);
  t.is((await arrives('in.unsigned.example')).tls, 'Untrusted');
});

test('a server with nothing but STARTTLS gets mail encrypted, one without it in the clear', async (t) => {
  const plain = await arrives('plain.example');
  t.is(plain.tls, 'Untrusted');
  t.regex(plain.mail, /^Received: from box\.example\.com .*\r?\n\s+\(using TLSv1\.[23] with cipher/m);
  const clear = await arrives('clear.example');
  t.is(clear.tls, undefined);
  t.notRegex(clear.mail.slice(0, clear.mail.indexOf('DKIM-Signature')), /TLS/);
});

/** In IANA's registry of TLS cipher suites: TLS_*_WITH_RC4_* and TLS_*_EXPORT_WITH_*. */
const rc4 = [
  0x03, 0x04, 0x05, 0x17, 0x18, 0x20, 0x24, 0x28, 0x2b, 0x8a, 0x8e, 0x92, 0xc002, 0xc007, 0xc00c, 0xc011,
  0xc016, 0xc033,
];
const exported = [0x03, 0x06, 0x08, 0x0b, 0x0e, 0x11, 0x14, 0x17, 0x19, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x2b];

test('what goes out offers neither RC4 nor an export cipher, with TLS demanded or not', async (t) => {
  const box = await ready;
  const { outside, zone, ca, owner } = await lab;
  const recorder = own.own(await new HelloRecorder(own.folder, outside, '198.51.100.90').start());
  const { certificate } = await ca.issue(['mx.hello.example']);
  await zone.publish([
    'mx.hello.example. A 198.51.100.90',
    'hello.example. MX 10 mx.hello.example.',
    'mx.hello-dane.example. A 198.51.100.90',
    'hello-dane.example. MX 10 mx.hello-dane.example.',
    `_25._tcp.mx.hello-dane.example. TLSA ${tlsaOf(certificate)}`,
  ]);
  t.is(await policyFor(box, 'hello.example'), undefined);
  t.is(await policyFor(box, 'hello-dane.example'), 'dane-only');
  for (const [number, domain] of ['hello.example', 'hello-dane.example'].entries()) {
    const { line } = await send(box, owner, `x@${domain}`);
    t.regex(line, /status=deferred/);
    const hello = recorder.hellos()[number] ?? [];
    t.true(hello.includes(0xc02f), 'a suite that every server has: ECDHE-RSA-AES128-GCM-SHA256');
    t.deepEqual(
      hello.filter((suite) => rc4.includes(suite) || exported.includes(suite)),
      [],
    );
    t.log(`${domain}: ${hello.length} suites`);
  }
  // The recorder does see RC4 where a client has it: a hello of TLS 1.0 with TLS_RSA_WITH_RC4_128_SHA and nothing else.
  const hello = Buffer.from(`160301002d010000290301${'00'.repeat(32)}00000200050100`, 'hex');
  const bytes = [...hello].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const client = `exec 3<>/dev/tcp/198.51.100.90/25; read -r _ <&3
    printf 'EHLO old.example\\r\\n' >&3; read -r _ <&3; read -r _ <&3
    printf 'STARTTLS\\r\\n' >&3; read -r _ <&3; printf '${bytes}' >&3; cat <&3 >/dev/null`;
  await outcome([...outside.prefix, 'bash', '-c', client]);
  t.deepEqual(recorder.hellos().at(-1), [0x05]);
});

test('an MTA-STS policy that is only being tested demands nothing', async (t) => {
  t.is(await policyFor(await ready, 'testing.example'), undefined);
  t.is((await arrives('testing.example')).tls, 'Untrusted');
  t.is((await lab).policies.requests('testing.example'), 1);
});

test('posttls-finger, from the box, agrees', async (t) => {
  const box = await ready;
  const finger = async (options: string, domain: string) => {
    const ca = '-F /etc/ssl/certs/ca-certificates.crt';
    const { stdout, stderr } = await box.outcome(`posttls-finger -c ${ca} ${options} ${domain} mx.${domain}`);
    return stdout + stderr;
  };
  t.regex(
    await finger('-l dane-only', 'dane.example'),
    /Verified TLS connection established to mx\.dane\.example/,
  );
  t.notRegex(await finger('-l dane-only', 'dane-mismatch.example'), /Verified TLS/);
  t.regex(
    await finger('-l secure', 'sts.example'),
    /Verified TLS connection established to mx\.sts\.example/,
  );
  t.notRegex(await finger('-l secure', 'sts-mismatch.example'), /Verified TLS/);
});

test('what is received is signed: the box’s domain, selector mail, rsa-sha256, relaxed/simple, and it verifies', async (t) => {
  const box = await ready;
  const { zone } = await lab;
  const record = await box.run('cat /home/user-data/mail/dkim/mail.txt');
  const strings = [...record.matchAll(/"[^"]*"/g)].map(([text]) => text).join(' ');
  await zone.publish([`mail._domainkey.example.com. TXT ${strings}`]);
  const { mail } = await arrives('plain.example');
  const signature = /^DKIM-Signature:.*(\r?\n[ \t].*)*/m.exec(mail)?.[0].replace(/\s+/g, '') ?? 'none';
  for (const tag of ['d=example.com', 's=mail', 'a=rsa-sha256', 'c=relaxed/simple'])
    t.true(signature.split(/[:;]/).includes(tag), `${tag} in ${signature}`);
  t.is(signature.match(/(?<=[=:])from(?=[:;])/gi)?.length, 2, 'a second From would break it');
  // The recipient's server has put lines of its own on top.
  const verify = async (text: string) => box.outcome('opendkim-testmsg', text.replaceAll(/\r?\n/g, '\r\n'));
  const { code, stderr, stdout } = await verify(mail);
  t.is(code, 0, stderr + stdout);
  t.not((await verify(mail.replace('Hello from', 'Hallo from'))).code, 0, 'the check can fail');
});

/** Submits each of them, and has the signature of what came out at the other end verified. */
async function arriveSigned(t: ExecutionContext, domain: string): Promise<void> {
  const box = await ready;
  const { owner } = await lab;
  for (const [title, header, body] of awkward) {
    const conversation = await Conversation.open(box, 587, { tls: true });
    await conversation.begin(owner);
    const subject = `${title} to ${domain}`;
    const head = [`From: ${owner.email}`, `Subject: ${subject}`, ...(header === '' ? [] : [header])];
    const text = `${head.join('\r\n')}\r\n${body === 'END' ? '' : `\r\n${body}`}`;
    const reply = await conversation.mail(owner.email, `x@${domain}`, Buffer.from(text));
    t.is(reply.code, 250, `${title}: ${reply.text}`);
    conversation.close();
    const mail = await (await at(domain)).mail(subject);
    const { code, stderr, stdout } = await box.outcome('opendkim-testmsg', mail.replaceAll(/\r?\n/g, '\r\n'));
    t.is(code, 0, `${title}: ${stderr}${stdout}`);
    t.regex(mail, /^DKIM-Signature:/m);
    // Nothing is to be broken by others either, but for what can't be made shorter without a change of what it says.
    const longest = Math.max(
      ...Buffer.from(mail)
        .toString('latin1')
        .split(/\r?\n/)
        .map(({ length }) => length),
    );
    if (!/a mail in a mail|without blanks/.test(title)) t.true(longest <= 998, `${title}: ${longest}`);
  }
}

test('whatever a mail is like, its signature holds at a server that takes eight bits', (t) =>
  arriveSigned(t, 'plain.example'));

test('whatever a mail is like, its signature holds at a server that takes seven bits', (t) =>
  arriveSigned(t, 'seven.example'));

test('a mail with more header than is ever needed is refused for good, in and out', async (t) => {
  const box = await ready;
  const { owner } = await lab;
  await trustClients(box);
  const header = (kibibytes: number) =>
    Array.from({ length: kibibytes }, (_, i) => `X-${i}: ${'y'.repeat(1015)}`).join('\r\n');
  for (const [port, from, to] of [
    [25, box.stranger, owner.email],
    [587, owner.email, 'x@plain.example'],
  ] as const) {
    const offer = async (kibibytes: number) => {
      const conversation = await Conversation.open(box, port, { tls: port === 587 });
      await conversation.begin(port === 587 ? owner : undefined);
      const text = `From: ${from}\r\nSubject: ${kibibytes} KiB by ${port}\r\n${header(kibibytes)}\r\n\r\nx`;
      const reply = await conversation.mail(from, to, text);
      conversation.close();
      return reply.text;
    };
    t.regex(await offer(900), /^250 /);
    t.regex(await offer(1100), /^5\d\d 5\./);
  }
  await (await at('plain.example')).mail('900 KiB by 587');
  await waitFor('the mail that came in', async () =>
    (await box.run(`doveadm -f flow fetch -u ${owner.email} hdr.subject all`)).includes('900 KiB by 25')
      ? true
      : undefined,
  );
});

test('a policy is fetched once; a known one outlives a failed fetch, silence and a restart of the service', async (t) => {
  const box = await ready;
  const { policies, zone } = await lab;
  t.is(policies.requests('sts.example'), 1);
  policies.answer('sts.example', { status: 500, headers: {}, body: '' });
  await policies.announce(zone, 'sts.example');
  await waitFor('the new id to be seen', async () => {
    t.is(await policyFor(box, 'sts.example'), secure('mx.sts.example'));
    return policies.requests('sts.example') === 2 ? true : undefined;
  });
  await box.run('systemctl restart box-outbound-tls');
  await waitFor('the service', async () =>
    (await box.outcome('ss -Hltn sport = :8461')).stdout.includes('8461') ? true : undefined,
  );
  t.is(await policyFor(box, 'sts.example'), secure('mx.sts.example'));
  t.regex(
    await box.run('stat -c "%U %a %n" /var/lib/box-outbound-tls /var/lib/box-outbound-tls/*'),
    /^box-outbound-tls 700 /,
  );
});

for (const [what, answer] of [
  ['a redirect', { status: 301, headers: { location: 'https://mta-sts.sts.example/' }, body: '' }],
  ['a page', { status: 200, headers: { 'content-type': 'text/html' }, body: 'version: STSv1' }],
  ['too much', { status: 200, headers: { 'content-type': 'text/plain' }, body: 'x: y\n'.repeat(20_000) }],
] as const) {
  test(`${what} is no policy`, async (t) => {
    const { policies, zone, ca } = await lab;
    const domain = `${what.replaceAll(' ', '-')}.example`;
    await policies.publish(zone, domain, await ca.issue([`mta-sts.${domain}`]), {
      mode: 'enforce',
      mx: [domain],
    });
    policies.answer(domain, answer);
    await zone.publish([`${domain}. MX 10 mx.plain.example.`]);
    t.is(await policyFor(await ready, domain), undefined);
    t.is(policies.requests(domain), 1);
  });
}

test('a policy from a host without a valid certificate is none', async (t) => {
  const { policies, zone, ca } = await lab;
  const domain = 'wrong-certificate.example';
  await policies.publish(zone, domain, await ca.issue(['mta-sts.other.example']), {
    mode: 'enforce',
    mx: [domain],
  });
  await zone.publish([`${domain}. MX 10 mx.plain.example.`]);
  t.is(await policyFor(await ready, domain), undefined);
  t.is(policies.requests(domain), 0, 'it was not even asked');
});

test('while DNS does not answer, mail waits', async (t) => {
  const box = await ready;
  await (await lab).zone.publish(['lost.example. NS ns.lost.example.', 'ns.lost.example. A 198.51.100.250']);
  const error = await t.throwsAsync(policyFor(box, 'lost.example'));
  t.regex(error?.message ?? '', /socketmap server temporary error: MX of lost\.example/);
});

test('while the service is down, mail waits; then it goes out as it must', async (t) => {
  const box = await ready;
  const to = 'y@dane.example';
  await box.run('systemctl stop box-outbound-tls');
  const { line, subject } = await send(box, (await lab).owner, to);
  t.regex(line, /status=deferred \(client TLS configuration problem\)/);
  await box.run('systemctl start box-outbound-tls');
  const sent = await waitFor('the mail to go out', async () => {
    const again = await retry(box, to);
    return again.line.includes('status=sent') ? again : undefined;
  });
  t.is(sent.tls, 'Verified');
  await (await at('dane.example')).mail(subject);
});

test('the service is confined, and runs as a user that owns nothing else', async (t) => {
  const box = await ready;
  t.is(
    (await box.run('ps -o user:20= -p $(systemctl show -P MainPID box-outbound-tls)')).trim(),
    'box-outbound-tls',
  );
  const exposure = await box.run('systemd-analyze security --no-pager box-outbound-tls.service | tail -1');
  const [, score] = /: (\d+\.\d)/.exec(exposure) ?? [];
  t.true(Number(score) < 3, exposure);
  t.log(exposure.trim());
  const pss = await box.run(
    'awk "/^Pss:/ {print \\$2}" /proc/$(systemctl show -P MainPID box-outbound-tls)/smaps_rollup',
  );
  t.log(`memory (PSS): ${pss.trim()} KiB`);
});
