/** What people paste in the place of a certificate: told by its name, and a private key told to nobody. */
import { generateKeyPairSync } from 'node:crypto';
import test from 'ava';
import { readChain } from '../../../../box/keys/tls/chain.ts';
import { Failure } from '../../../../box/machine/failure.ts';
import { Authority } from '../renew/authority.ts';
import { TemporaryBox } from '../temporary-box.ts';

const authority = new Authority();
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const place = { key: privateKey, hostname: 'box.example.com', now: new Date() };
const block = (label: string, body = 'MAA=') => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----\n`;

function complaint(pem: string): string {
  try {
    readChain(pem, place);
  } catch (error) {
    if (error instanceof Failure) return `${error.message} -> ${error.hint}`;
    throw error;
  }
  return 'taken';
}

test('another block is named, with its place and what becomes a certificate of it', (t) => {
  for (const [label, words] of [
    ['CERTIFICATE REQUEST', /a signing request .* -> send it to the authority/],
    ['NEW CERTIFICATE REQUEST', /a signing request/],
    ['TRUSTED CERTIFICATE', /marks of trust .* -> .*openssl x509/],
    ['X509 CERTIFICATE', /label of old .* -> .*openssl x509/],
    ['PKCS7', /a bundle .* -> .*openssl pkcs7/],
    ['CMS', /a bundle/],
    ['X509 CRL', /revoked certificates/],
    ['DH PARAMETERS', /key exchange/],
    ['PUBLIC KEY', /a public key/],
    ['PGP MESSAGE', /something else .*BEGIN PGP MESSAGE/],
  ] as const) {
    t.regex(complaint(block(label)), words, label);
    t.regex(complaint(block(label)), /where certificates are expected \(BEGIN CERTIFICATE\)/, label);
    // Behind a certificate too, whatever it is for.
    t.regex(complaint(authority.issuer + block(label)), /block 2\)/, label);
    t.regex(complaint((authority.issuer + block(label)).replace(/\n/g, '\r\n')), words, `${label}, CRLF`);
  }
});

test('a private key is refused first, in whatever form, and not a byte of it is told', async (t) => {
  const box = await TemporaryBox.booted(t);
  const secret = 'MHcCAQEEIKEYKEYKEY';
  for (const key of [
    block('PRIVATE KEY', secret),
    block('RSA PRIVATE KEY', `Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n${secret}`),
    block('ENCRYPTED PRIVATE KEY', secret),
    block('EC PRIVATE KEY', secret),
    block('OPENSSH PRIVATE KEY', secret),
    block('PRIVATE KEY', secret).replace(/-/g, ''),
    block('PRIVATE KEY', secret).replace(/ KEY/g, '\tKEY'),
    `-----BEGIN PRIVATE KEY-----\n${secret}`,
    `PuTTY-User-Key-File-3: ssh-rsa\n${secret}`,
  ]) {
    for (const pem of [key, authority.issuer + key, block('PKCS7') + key]) {
      t.regex(complaint(pem), /there is a private key in the file; it is not kept/, key);
      box.write('/root/new.pem', pem);
      const before = box.tree('/home/user-data');
      t.is(await box.box('tls', 'install', '/root/new.pem'), 1);
      t.false([...box.complaints, ...box.said].join('\n').includes('KEYKEY'));
      t.deepEqual(box.tree('/home/user-data'), before);
    }
  }
});

test('PEM that suffered on its way is told as that, and what does no harm is taken', (t) => {
  const { issuer } = authority;
  // As far as the question whose key it is for.
  const understood = /is not for the box’s key/;
  t.regex(complaint(issuer), understood);
  t.regex(complaint(issuer.replace(/\n/g, '\r\n')), understood);
  t.regex(
    complaint(`Bag Attributes\n  friendlyName: x\nsubject=/CN=x\n${issuer}some words -- more\n`),
    understood,
  );
  t.regex(complaint(`${issuer.trimEnd()}${issuer}`), understood, 'without a line end between two');
  t.regex(complaint(`\uFEFF${issuer}`), understood);
  t.regex(complaint(issuer.replace(/-----END.*/s, '')), /cut off/);
  t.regex(complaint(issuer + issuer.replace(/-----BEGIN.*\n/, '')), /cut off/);
  t.regex(complaint(issuer.replace(/-----/g, '----')), /not written as PEM: five hyphens/);
  t.regex(complaint(issuer.replace(/\n/g, '<br>\n')), /is HTML/);
  t.regex(complaint(issuer.replace(/\n/g, '&nbsp;\n')), /is HTML/);
  t.regex(complaint('0\x82\x03\x00'), /not text \(DER or PKCS #12\)/);
  t.regex(complaint(''), /there is no certificate/);
});
