/** `box tls`: a request for the box's key, and a certificate that is taken into service or refused whole. */
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import test, { type ExecutionContext } from 'ava';
import { TemporaryBox } from '../temporary-box.ts';
import { Authority } from './authority.ts';

const authority = new Authority();
const hostname = 'box.example.com';
const names = [hostname, 'mta-sts.box.example.com', 'mta-sts.example.com'];

async function requestOf(t: ExecutionContext, box: TemporaryBox): Promise<string> {
  t.is(await box.box('tls', 'csr'), 0, box.complaints.join());
  return `${box.said.join('\n')}\n`;
}

/** Its clock stands a little after the real time, at which the authority of these tests signs. */
async function booted(t: ExecutionContext): Promise<TemporaryBox> {
  const box = await TemporaryBox.booted(t);
  box.now = new Date(Date.now() + 60_000);
  return box;
}

test('the request is for the box’s key and for every name that the certificate should have', async (t) => {
  const box = await booted(t);
  const request = await requestOf(t, box);
  const shown = execFileSync('openssl', ['req', '-noout', '-verify', '-text', '-pubkey'], {
    input: request,
    encoding: 'utf8',
    stdio: 'pipe',
  });
  t.regex(shown, /Subject: CN = box\.example\.com\n/);
  t.regex(shown, new RegExp(`${names.map((name) => `DNS:${name}`).join(', ')}\n`));
  const own = new X509Certificate(box.read('/home/user-data/ssl/ssl_certificate.pem')).publicKey;
  t.true(shown.includes(own.export({ type: 'spki', format: 'pem' }) as string));

  t.is(await box.box('tls', 'csr', '--names', `${hostname},www.example.com`), 0);
  for (const wrong of ['www.example.com', `${hostname},*.example.com`, `${hostname},a b`, ''])
    t.is(await box.box('tls', 'csr', '--names', wrong), 1, wrong);
});

test('a certificate with its chain goes into service: the key stays, the daemons and the zones learn of it', async (t) => {
  const box = await booted(t);
  const own = authority.sign(await requestOf(t, box), names);
  box.write('/root/new.pem', own + authority.issuer + authority.root);
  const key = box.read('/home/user-data/ssl/ssl_private_key.pem');
  await box.box('tls', 'show');
  const tlsa = box.said.find((line) => line.startsWith('TLSA'));

  t.is(await box.box('tls', 'install', '/root/new.pem'), 0, box.complaints.join());
  t.regex(box.said.join('\n'), /^installed: valid for (89|90) days$/m);
  t.is(box.read('/home/user-data/ssl/ssl_private_key.pem'), key);
  t.is(box.read('/home/user-data/ssl/ssl_certificate.pem'), own + authority.issuer, 'the root is left out');
  for (const service of ['dovecot', 'postfix', 'nginx'])
    t.true(box.ran.includes(`service ${service} reload`), service);
  t.regex(box.read('/home/user-data/dns/zones/example.com.txt'), /^_mta-sts\.example\.com\.\s.*v=STSv1/m);

  await box.box('tls', 'show');
  t.true(box.said.includes(tlsa ?? 'none'), 'the TLSA record is as it was');
  t.regex(box.said.join('\n'), /^file {5}\/home\/user-data\/ssl\/box\.example\.com-\d{8}-[0-9a-f]{8}\.pem$/m);
  t.is(await box.box('tls', 'show', '--json'), 0);
  t.like(JSON.parse(box.said.join('')), { names, selfSigned: false });

  // Again: the same. And a reboot leaves it.
  t.is(await box.box('tls', 'install', '/root/new.pem'), 0);
  t.is(await box.box('init'), 0, box.said.join('\n'));
  t.is(box.read('/home/user-data/ssl/ssl_certificate.pem'), own + authority.issuer);
});

const refusals: [what: string, pem: (request: string) => string, complaint: RegExp][] = [
  ['an empty file', () => '', /there is no certificate in the file/],
  ['no PEM', () => 'hello\n', /there is no certificate in the file/],
  [
    'one that is cut off',
    (request) => authority.sign(request, names).replace(/.{40}\n-----END/s, '\n-----END'),
    /certificate 1 of the file can’t be read/,
  ],
  [
    'one with a private key beside it',
    (request) =>
      `${authority.sign(request, names)}-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n`,
    /there is a private key in the file/,
  ],
  [
    'one for another key',
    () => authority.sign(authority.foreignRequest(), names),
    /is not for the box’s key/,
  ],
  [
    'a chain the wrong way round',
    (request) => authority.issuer + authority.sign(request, names),
    /must come first; it is number 2/,
  ],
  [
    'a chain with a gap',
    (request) => authority.sign(request, names) + authority.root,
    /certificate 2 \(CN=root\) did not issue the one before it \(CN=box\.example\.com\)/,
  ],
  [
    'issuers in the wrong order',
    (request) => authority.sign(request, names) + authority.root + authority.issuer,
    /certificate 2 \(CN=root\) did not issue/,
  ],
  [
    'one for another name',
    (request) => authority.sign(request, ['www.example.com']),
    /is not for box\.example\.com, but for www\.example\.com/,
  ],
  [
    'one that demands a stapled OCSP answer',
    (request) => authority.sign(request, names, 90, ['tlsfeature=status_request']),
    /demands a stapled OCSP answer \(must-staple\)/,
  ],
  ['one that ends today', (request) => authority.sign(request, names, 0), /the certificate expired on/],
];
for (const [what, pem, complaint] of refusals) {
  test(`refused, and nothing changed: ${what}`, async (t) => {
    const box = await booted(t);
    box.write('/root/new.pem', pem(await requestOf(t, box)));
    const before = box.tree('/home/user-data');
    t.is(await box.box('tls', 'install', '/root/new.pem'), 1);
    t.is(box.complaints.length, 1);
    t.regex(box.complaints[0] ?? '', complaint);
    t.deepEqual(box.tree('/home/user-data'), before);
    t.false(box.ran.some((line) => line.includes('reload')));
  });
}

test('refused, and nothing changed: nobody that the box trusts stands behind it; no such file; a clock that is behind', async (t) => {
  const box = await booted(t);
  box.write('/root/new.pem', authority.sign(await requestOf(t, box), names) + authority.issuer);
  const before = box.tree('/home/user-data');
  box.answer = ([program, verb]) => (program === 'openssl' && verb === 'verify' ? { code: 2 } : undefined);
  t.is(await box.box('tls', 'install', '/root/new.pem'), 1);
  t.regex(box.complaints[0] ?? '', /no authority that this box trusts stands behind the certificate/);
  t.is(await box.box('tls', 'install', '/root/other.pem'), 1);
  t.regex(box.complaints[0] ?? '', /there is no file/);
  box.now = new Date('2020-01-01');
  t.is(await box.box('tls', 'install', '/root/new.pem'), 1);
  t.regex(box.complaints[0] ?? '', /valid from .* only -> is the clock right/);
  t.deepEqual(box.tree('/home/user-data'), before);
});
