/** The TLS policies: what they never offer, and that every daemon is told the same. */
import { checkPrimeSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { cipherString, dhFile, type Offer, offeredVersions, tlsPolicies } from '../../builder/tls-policy.ts';
import { releases } from '../../releases/index.ts';
import { planOf } from './planned.ts';

/** Key bits of an OpenSSL suite, by its name. */
function bits(cipher: string): number {
  if (cipher.includes('DES-CBC3')) return 112;
  if (cipher.includes('CHACHA20')) return 256;
  const [, size] = /AES(128|256)/.exec(cipher) ?? [];
  return Number(size ?? 0);
}
const weakest = (offer: Offer) => Math.min(...offer.ciphers.map(bits));

test('no policy offers a broken cipher, and no keyword hides one', (t) => {
  for (const policy of Object.values(tlsPolicies)) {
    for (const offer of [policy.mail, policy.web, policy.exchange]) {
      for (const cipher of offer.ciphers) {
        t.notRegex(cipher, /RC4|NULL|EXP|MD5|ADH|AECDH|SEED|IDEA|PSK|SRP|DSS|CAMELLIA/);
        t.regex(cipher, /^[A-Z0-9]+(-[A-Z0-9]+)+$/);
      }
      t.is(new Set(offer.ciphers).size, offer.ciphers.length);
    }
  }
});

test('guide: 112 bits at least, 128 where passwords go', (t) => {
  const guide = tlsPolicies['guide-2016'];
  t.is(weakest(guide.web), 112);
  t.is(weakest(guide.exchange), 112);
  t.is(weakest(guide.mail), 128);
});

test('intermediate: forward secrecy and AEAD for people, 128 bits on port 25', (t) => {
  const { mail, web, exchange } = tlsPolicies.intermediate;
  for (const cipher of [...mail.ciphers, ...web.ciphers]) t.regex(cipher, /^(ECDHE|DHE)-.*(GCM|POLY1305)/);
  t.is(weakest(exchange), 128);
});

test('guide: exactly TLSv1, 1.1 and 1.2, whatever else the release can speak', (t) => {
  const { mail } = tlsPolicies['guide-2016'];
  const three = ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const;
  t.deepEqual(offeredVersions(mail, { tlsVersions: [...three, 'TLSv1.3'] }), [...three]);
  t.deepEqual(offeredVersions(mail, { tlsVersions: [...three] }), [...three]);
});

test('intermediate: on a release without TLS 1.3, TLS 1.2 alone', (t) => {
  t.deepEqual(
    offeredVersions(tlsPolicies.intermediate.mail, { tlsVersions: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] }),
    ['TLSv1.2'],
  );
});

test('security level 0 only for old versions, and only where OpenSSL knows levels', (t) => {
  const release = (openssl: string) => ({
    tlsVersions: ['TLSv1', 'TLSv1.1', 'TLSv1.2'] as const,
    versions: { postfix: '3', dovecot: '2.3', nginx: '1', nsd: '4', cloudInit: '1', openssl },
  });
  t.regex(cipherString(tlsPolicies['guide-2016'].mail, release('3.0')), /:@SECLEVEL=0$/);
  t.notRegex(cipherString(tlsPolicies['guide-2016'].mail, release('1.0.1f')), /@/);
  t.notRegex(cipherString(tlsPolicies.intermediate.mail, release('3.0')), /@/);
});

for (const release of releases.values()) {
  for (const policy of ['guide-2016', 'intermediate'] as const) {
    test(`${release.name}, ${policy}: Postfix, Dovecot and nginx are told the policy's ciphers`, (t) => {
      const file = planOf(release, { tls: { policy } });
      const { mail, web, exchange } = tlsPolicies[policy];
      const postfix = file('/etc/postfix/main.cf');
      t.true(postfix.includes(`\ntls_high_cipherlist = ${cipherString(mail, release)}\n`));
      t.true(postfix.includes(`\ntls_medium_cipherlist = ${cipherString(exchange, release)}\n`));
      t.true(
        file('/etc/dovecot/dovecot.conf').includes(`\nssl_cipher_list = ${cipherString(mail, release)}\n`),
      );
      const nginx = file('/etc/nginx/nginx.conf');
      t.true(nginx.includes(`ssl_ciphers "${cipherString(web, release)}";`));
      t.true(nginx.includes(`ssl_protocols ${offeredVersions(web, release).join(' ')};`));
      t.true(nginx.includes(`ssl_dhparam ${dhFile};`));
      t.true(postfix.includes(`smtpd_tls_dh1024_param_file = ${dhFile}`));
    });
  }
}

test('the Diffie-Hellman group is a safe prime of 2048 bits in the form of RFC 7919', (t) => {
  const pem = readFileSync(`overlays/system/common${dhFile}`, 'utf8');
  const body = pem.slice(pem.indexOf('-----BEGIN DH PARAMETERS-----')).replace(/-----[^-]+-----|\s/g, '');
  const der = Buffer.from(body, 'base64');
  // SEQUENCE { INTEGER p (257 bytes with its leading zero), INTEGER 2 }
  t.is(der.subarray(0, 8).toString('hex'), '3082010802820101');
  const p = BigInt(`0x${der.subarray(8, 8 + 257).toString('hex')}`);
  t.is(der.subarray(8 + 257).toString('hex'), '020102');
  t.is(p >> 1984n, (1n << 64n) - 1n);
  t.is(p & ((1n << 64n) - 1n), (1n << 64n) - 1n);
  t.true(checkPrimeSync(p) && checkPrimeSync((p - 1n) / 2n));
});
