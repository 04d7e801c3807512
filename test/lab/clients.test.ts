/** Mail programs set themselves up: their own questions, from outside, and a log-in at each server that an answer names. */
import { X509Certificate } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import anyTest, { type ExecutionContext } from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { certificateAt, deliver, Reader } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { outcome, output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { makeLab } from './world/lab.ts';
import { started } from './world/started.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-clients');
const lab = makeLab(kept);
const domain = 'example.com';
const program = (name: string) => fileURLToPath(new URL(`world/${name}`, import.meta.url));

interface Server {
  readonly protocol: 'imap' | 'pop3' | 'smtp' | 'caldav' | 'carddav';
  readonly host: string;
  readonly port: number;
  readonly starttls: boolean;
  readonly user: string;
  readonly password: string;
}

/** A box with a certificate for the names that programs ask at. */
const ready = lab.then(async (it) => {
  const box = await started(it, 'box', it.owner);
  const { ca, owner } = it;
  const names = [hostname, domain, `autoconfig.${domain}`, `autodiscover.${domain}`];
  await box.run(ca.install.script, ca.install.input);
  const certificate = await ca.sign(await box.run('box tls csr'), ...names);
  await box.run('cat >/root/new.pem && box tls install /root/new.pem', certificate);
  const { fingerprint256 } = new X509Certificate(certificate);
  for (const port of [443, 465, 993, 995])
    await waitFor(`the certificate on port ${port}`, async () =>
      (await certificateAt(box, port, hostname)).sha256 === fingerprint256 ? true : undefined,
    );
  const authority = ca.pair.certificate;
  /** A page as a stranger's program fetches it, whose certificate must be right. Bytes of the body go into a file. */
  const fetch = async (url: string, ...more: string[]) => {
    const [file, head] = [path.join(kept.folder, 'body'), path.join(kept.folder, 'head')];
    const wanted = ['-o', file, '-D', head, '-w', '%{http_code} %{content_type} %{redirect_url}'];
    const argv = ['curl', '--disable', '-sS', '--max-time', '20', '--cacert', authority, ...wanted];
    const answer = await output([...box.prefix, ...argv, '--connect-to', `::${box.host}`, ...more, url], {
      seconds: 30,
    });
    const [, status = '', type = '', redirect = ''] =
      /^(\d+) (\S*(?: charset\S+)?) ?(\S*)$/.exec(answer) ?? [];
    return {
      status: Number(status),
      type,
      redirect,
      head: readFileSync(head, 'utf8'),
      body: readFileSync(file),
    };
  };
  return { box, owner, fetch, authority, certificate: fingerprint256 };
});

const readDocument = async (kind: string, document: Buffer): Promise<Server[]> =>
  JSON.parse(await output(['python3', program('read-client-document.py'), kind], { input: document }));

/** Logs in where, and as, the document says. */
async function logsIn(
  t: ExecutionContext,
  servers: readonly Server[],
  wanted: readonly string[],
): Promise<void> {
  const { box, owner, authority, fetch } = await ready;
  t.deepEqual(
    servers.map(({ protocol, port, starttls }) => `${protocol} ${port}${starttls ? ' STARTTLS' : ''}`),
    wanted,
  );
  for (const { protocol, host, port, starttls, user, password } of servers) {
    t.is(password, 'password-cleartext');
    const email = user === '' ? owner.email : user.replace('%EMAILADDRESS%', owner.email);
    t.is(email, owner.email);
    const as = { email, password: owner.password };
    if (protocol === 'smtp') {
      t.is(host, hostname);
      const subject = `by ${port} at ${Date.now()}`;
      const tls = starttls ? 'required' : 'implicit';
      await deliver(box, port, { from: email, to: email, subject, auth: as, tls });
      t.regex(await new Reader(box, hostname, as, authority).imap(subject), /^Subject: by /m);
      continue;
    }
    t.false(starttls);
    if (protocol === 'caldav' || protocol === 'carddav') {
      // RFC 6764, section 6: from there to the groupware.
      const { redirect } = await fetch(`https://${host}:${port}/.well-known/${protocol}`);
      const ask = async (secret: string) =>
        fetch(redirect, '--request', 'PROPFIND', '--header', 'Depth: 0', '--user', `${email}:${secret}`);
      t.is((await ask(owner.password)).status, 207, `${protocol} at ${redirect}`);
      t.is((await ask('wrong')).status, 401);
      continue;
    }
    const { code, stderr } = await new Reader(box, host, as, authority).curl(
      `${protocol}s://${host}:${port}/`,
    );
    t.is(code, 0, `${protocol} at ${host}:${port}: ${stderr}`);
    const wrong = await new Reader(box, host, { ...as, password: 'wrong' }, authority).curl(
      `${protocol}s://${host}:${port}/`,
    );
    t.is(wrong.code, 67, 'a wrong password is told from a right one');
  }
}

test('Thunderbird finds servers at each place where it looks, and logs in there', async (t) => {
  const { fetch } = await ready;
  const places = [
    `https://autoconfig.${domain}/mail/config-v1.1.xml?emailaddress=me%40${domain}`,
    `https://${domain}/.well-known/autoconfig/mail/config-v1.1.xml`,
    `https://${hostname}/mail/config-v1.1.xml`,
    `https://${domain}/mail/config-v1.1.xml`,
  ];
  const found: Awaited<ReturnType<typeof fetch>>[] = [];
  for (const place of places) found.push(await fetch(place));
  const [first] = found;
  for (const [i, { status, type, body }] of found.entries()) {
    t.is(status, 200, places[i]);
    t.regex(type, /^text\/xml/);
    t.deepEqual(body, first?.body);
  }
  const plain = await fetch(`http://autoconfig.${domain}/mail/config-v1.1.xml`);
  t.is(plain.redirect, `https://autoconfig.${domain}/mail/config-v1.1.xml`);
  const servers = await readDocument('autoconfig', first?.body ?? Buffer.alloc(0));
  await logsIn(t, servers, [
    'imap 993',
    'pop3 995',
    'smtp 465',
    'smtp 587 STARTTLS',
    'carddav 443',
    'caldav 443',
  ]);
});

const schemas = 'http://schemas.microsoft.com/exchange/autodiscover';
const question = (email: string, kind = 'outlook', version = '2006a') =>
  `<?xml version="1.0" encoding="utf-8"?>
<Autodiscover xmlns="${schemas}/${kind}/requestschema/2006"><Request><EMailAddress>${email}</EMailAddress>
<AcceptableResponseSchema>${schemas}/${kind}/responseschema/${version}</AcceptableResponseSchema></Request></Autodiscover>`;
const post = (body: string) => ['-H', 'Content-Type: text/xml; charset=utf-8', '--data-binary', body];

test('Outlook finds servers at each place where it looks, in its several spellings, and logs in there', async (t) => {
  const { owner, fetch } = await ready;
  const places = [
    `https://${domain}/autodiscover/autodiscover.xml`,
    `https://autodiscover.${domain}/autodiscover/autodiscover.xml`,
    `https://${hostname}/Autodiscover/Autodiscover.xml`,
    `https://autodiscover.${domain}/AutoDiscover/AutoDiscover.xml`,
    `https://${domain}/AUTODISCOVER/autodiscover.XML`,
  ];
  let first: Buffer | undefined;
  for (const place of places) {
    const { status, type, body } = await fetch(place, ...post(question(owner.email)));
    t.is(status, 200, `${place}: ${body}`);
    t.regex(type, /^text\/xml/);
    first ??= body;
    t.deepEqual(body, first);
  }
  await logsIn(t, await readDocument('autodiscover', first ?? Buffer.alloc(0)), [
    'imap 993',
    'pop3 995',
    'smtp 465',
  ]);
  const plain = await fetch(`http://autodiscover.${domain}/autodiscover/autodiscover.xml`);
  t.is(plain.redirect, `https://autodiscover.${domain}/autodiscover/autodiscover.xml`);
  t.is((await fetch(places[0] ?? '')).status, 405);
});

test('the answer tells nobody whether an account exists', async (t) => {
  const { owner, fetch } = await ready;
  const place = `https://${domain}/autodiscover/autodiscover.xml`;
  const ask = async (email: string) => (await fetch(place, ...post(question(email)))).body.toString();
  t.is((await ask('nobody@example.com')).replaceAll('nobody@', 'me@'), await ask(owner.email));
});

test('a telephone is told where ActiveSync is, by both of its questions, and logs in there', async (t) => {
  const { owner, fetch } = await ready;
  const place = `https://${domain}/autodiscover/autodiscover`;
  const sync = await fetch(`${place}.xml`, ...post(question(owner.email, 'mobilesync', '2006')));
  t.is(sync.status, 200);
  const [, url = ''] = /<Url>([^<]*)</.exec(sync.body.toString()) ?? [];
  const json = async (protocol: string): Promise<{ Url: string }> =>
    JSON.parse((await fetch(`${place}.json?Email=${owner.email}&Protocol=${protocol}`)).body.toString());
  t.is((await json('ActiveSync')).Url, url);
  const options = async (password: string) =>
    (await fetch(url, '--request', 'OPTIONS', '--user', `${owner.email}:${password}`)).status;
  t.is(await options(owner.password), 200);
  t.is(await options('wrong'), 401);
  const { Url } = await json('AutodiscoverV1');
  t.is((await fetch(Url, ...post(question(owner.email)))).status, 200);
});

test('Apple’s profile is signed with the box’s certificate, names servers, and one can log in there', async (t) => {
  const { fetch, authority, certificate } = await ready;
  const { status, type, body } = await fetch(`https://${hostname}/mailinabox.mobileconfig`);
  t.is(status, 200);
  t.is(type, 'application/x-apple-aspen-config');
  t.deepEqual((await fetch(`https://${domain}/mailinabox.mobileconfig`)).body, body);
  const [signed, signer, inside] = ['signed', 'signer.pem', 'profile'].map((name) =>
    path.join(kept.folder, name),
  ) as [string, string, string];
  writeFileSync(signed, body);
  const verify = ['openssl', 'cms', '-verify', '-binary', '-inform', 'DER', '-purpose', 'any'];
  await output([...verify, '-in', signed, '-CAfile', authority, '-signer', signer, '-out', inside]);
  t.is(new X509Certificate(readFileSync(signer)).fingerprint256, certificate);
  // One byte that is another, and the signature is none.
  const at = body.indexOf('993');
  const forged = Buffer.from(body);
  forged.write('143', at);
  writeFileSync(signed, forged);
  t.not((await outcome([...verify, '-in', signed, '-CAfile', authority])).code, 0);
  const profile = readFileSync(inside);
  t.notRegex(profile.toString(), new RegExp((await ready).owner.password));
  await logsIn(t, await readDocument('profile', profile), [
    'imap 993',
    'smtp 465',
    'caldav 443',
    'carddav 443',
  ]);
});

test('SRV records lead to servers where one can log in', async (t) => {
  const { box } = await ready;
  const kinds = [
    ['_imaps', 'imap', false],
    ['_pop3s', 'pop3', false],
    ['_submissions', 'smtp', false],
    ['_submission', 'smtp', true],
    ['_caldavs', 'caldav', false],
    ['_carddavs', 'carddav', false],
  ] as const;
  const srv = async (label: string) => {
    const answer = await output([
      ...box.prefix,
      'dig',
      '+short',
      `@${box.host}`,
      `${label}._tcp.${domain}`,
      'SRV',
    ]);
    const [, , port = '', target = ''] = answer.trim().split(' ');
    return { port: Number(port), host: target.replace(/\.$/, '') };
  };
  const servers: Server[] = [];
  for (const [label, protocol, starttls] of kinds)
    servers.push({ ...(await srv(label)), protocol, starttls, user: '', password: 'password-cleartext' });
  await logsIn(t, servers, [
    'imap 993',
    'pop3 995',
    'smtp 465',
    'smtp 587 STARTTLS',
    'caldav 443',
    'carddav 443',
  ]);
  t.deepEqual(await srv('_autodiscover'), { port: 443, host: hostname });
  t.deepEqual(await srv('_sieve'), { port: 4190, host: hostname });
});

test('questions that mean harm are refused, and change nothing', async (t) => {
  const { box, owner, fetch } = await ready;
  const state = () => box.run('systemctl show -p MainPID,NRestarts box-panel; ls -la /tmp /etc/box');
  const before = await state();
  const good = question(owner.email);
  const withType = (type: string) => good.replace('?>', `?>${type}`).replace(owner.email, '&x;');
  const laughs = Array.from({ length: 9 }, (_, i) => `<!ENTITY x${i + 1} "${`&x${i};`.repeat(10)}">`).join(
    '',
  );
  const bodies: Record<string, string | Buffer> = {
    nothing: '',
    'no XML': 'x=1',
    'half of it': good.slice(0, -20),
    'a file of the box': withType('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>'),
    'a page elsewhere': withType('<!DOCTYPE a [<!ENTITY x SYSTEM "http://198.51.100.1/x">]>'),
    'a document type elsewhere': withType('<!DOCTYPE a SYSTEM "http://198.51.100.1/x.dtd">'),
    'a billion laughs': withType(`<!DOCTYPE a [<!ENTITY x0 "ha">${laughs}<!ENTITY x "&x9;">]>`),
    'depth without end': '<a>'.repeat(5000),
    'an attribute without end': `<Autodiscover xmlns="${'x'.repeat(15_000)}">`,
    'another line': question('me@example.com\r\nX-Harm: 1'),
    markup: question('&lt;script&gt;@example.com'),
    'bad UTF-8': Buffer.concat([
      Buffer.from(good.slice(0, 200)),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(good.slice(200)),
    ]),
    'UTF-7': good.replace('utf-8', 'utf-7').replace(owner.email, '+ADw-x+AD4-@example.com'),
    'UTF-16': Buffer.from(`\ufeff${good}`, 'utf16le'),
    'a NUL': good.replace('me@', 'm\0e@'),
    'too much': good.replace('me@', `${' '.repeat(17_000)}me@`),
  };
  const file = path.join(kept.folder, 'question');
  for (const [what, body] of Object.entries(bodies)) {
    writeFileSync(file, body);
    const { status, body: answer } = await fetch(
      `https://${domain}/autodiscover/autodiscover.xml`,
      '-H',
      'Content-Type: text/xml',
      '--data-binary',
      `@${file}`,
    );
    t.regex(String(status), /^4(00|13)$/, `${what}: ${answer}`);
    t.notRegex(answer.toString(), /box\.example\.com|haha|script/, what);
  }
  for (const where of [
    '/autodiscover/autodiscover.json?Protocol=%0d%0aX-Harm:1',
    '/autodiscover/autodiscover.json/v1.0/%00?Protocol=x',
    '/autodiscover/autodiscover.json/v1.0/..%2f..%2fme?Protocol=x',
    `/autodiscover/autodiscover.json?Protocol=${'x'.repeat(6000)}`,
  ])
    t.regex(String((await fetch(`https://${domain}${where}`)).status), /^4\d\d$/, where);
  t.is(await state(), before);
  t.is((await fetch(`https://${domain}/autodiscover/autodiscover.xml`, ...post(good))).status, 200);
});

test('box status says whether programs find their settings, and a reboot mends it', async (t) => {
  const { box } = await ready;
  const status = async () => (await box.outcome('box status')).stdout;
  t.regex(await status(), /^ok {7}mail programs: find their settings; domains: 1$/m);
  await box.run('echo >/etc/box/autoconfig.xml; rm /etc/box/mailinabox.mobileconfig');
  t.regex(await status(), /^error {4}mail programs: \/etc\/box\/autoconfig\.xml is out of date/m);
  await box.run('box init');
  t.regex(await status(), /^ok {7}mail programs: find their settings/m);
});

test('every place where programs ask has the strict headers, right question or not, at each name', async (t) => {
  const { fetch, owner } = await ready;
  const places = [
    '/mail/config-v1.1.xml',
    '/.well-known/autoconfig/mail/config-v1.1.xml',
    '/mailinabox.mobileconfig',
    '/.well-known/caldav',
    '/.well-known/carddav',
    '/.well-known/mta-sts.txt',
    `/autodiscover/autodiscover.json?Email=${owner.email}&Protocol=AutodiscoverV1`,
    '/autodiscover/autodiscover.xml',
    '/none',
  ];
  for (const name of [hostname, domain, `autoconfig.${domain}`, `autodiscover.${domain}`])
    for (const place of places)
      for (const more of place.endsWith('/autodiscover.xml')
        ? [post(question(owner.email)), post('x')]
        : [[]]) {
        const { status, head } = await fetch(`https://${name}${place}`, ...more);
        const what = `${status} at ${name}${place}`;
        t.true(status < 500, what);
        t.regex(head, /^strict-transport-security: max-age=31536000\r$/im, what);
        t.regex(head, /^x-content-type-options: nosniff\r$/im, what);
        t.regex(head, /^x-frame-options: (DENY|SAMEORIGIN)\r$/im, what);
        t.regex(head, /^content-security-policy: .*frame-ancestors '(none|self)'/im, what);
        t.regex(head, /^referrer-policy: (no-referrer|strict-origin-when-cross-origin)\r$/im, what);
        t.regex(head, /^server: nginx\r$/im, what);
        t.notRegex(head, /^(set-cookie|x-powered-by):/im, what);
      }
});
