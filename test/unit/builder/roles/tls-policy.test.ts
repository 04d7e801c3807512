/** The TLS policies: what they never offer, and that every daemon is told the same. */
import { checkPrimeSync } from 'node:crypto';
import { readFileSync } from 'node:fs';
import test from 'ava';
import {
  cipherString,
  dhFile,
  type Offer,
  offeredGroups,
  offeredSuites,
  offeredVersions,
  type PolicyName,
  policyOf,
  sharedGroups,
  tlsPolicies,
} from '../../../../builder/roles/tls/policy.ts';
import { keyBits } from '../../../../builder/roles/tls/suites.ts';
import { debian13 } from '../../../../releases/debian-13.ts';
import { releases } from '../../../../releases/index.ts';
import type { Release } from '../../../../releases/release.ts';
import { isAtLeast } from '../../../../releases/version.ts';
import { planOf } from './planned.ts';

const weakest = (offer: Offer) => Math.min(...offer.ciphers.map(keyBits));

test('no policy offers a broken cipher, and no keyword hides one', (t) => {
  for (const policy of Object.values(tlsPolicies)) {
    for (const offer of [policy.mail, policy.web, policy.exchange]) {
      for (const cipher of offer.ciphers) {
        t.notRegex(cipher, /RC4|NULL|EXP|MD5|ADH|AECDH|IDEA|PSK|SRP|DSS|DES-CBC-/);
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

test('guide: as many suites on each port as its own scan has, for an RSA key', (t) => {
  const { mail, web, exchange } = tlsPolicies['guide-2016'];
  const rsa = ({ ciphers }: Offer) => ciphers.filter((suite) => !suite.includes('ECDSA'));
  t.deepEqual(
    [mail, web, exchange].map((offer) => rsa(offer).length),
    [24, 13, 27],
  );
  // What the mail server offers to people is what it offers to servers, but for 112 bits.
  t.deepEqual(
    exchange.ciphers.filter((suite) => keyBits(suite) >= 128),
    mail.ciphers,
  );
});

test('modern: TLS 1.3 alone for people; other servers have forward secrecy', (t) => {
  const { mail, web, exchange } = tlsPolicies.modern;
  for (const { oldest, newest } of [mail, web]) t.deepEqual([oldest, newest], ['TLSv1.3', 'TLSv1.3']);
  t.is(exchange.oldest, 'TLSv1.2');
  for (const cipher of exchange.ciphers) t.regex(cipher, /^(ECDHE|DHE)-/);
});

test('legacyTls: old versions with other servers where clear text would be the choice, and nowhere else', (t) => {
  const policy = policyOf({ tls: { policy: 'intermediate' }, inbound: { legacyTls: true } });
  t.is(policy.exchange.oldest, 'TLSv1');
  t.is(policy.out.tried.oldest, 'TLSv1');
  t.deepEqual(
    [policy.mail, policy.web, policy.out.demanded],
    [tlsPolicies.intermediate.mail, tlsPolicies.intermediate.web, tlsPolicies.intermediate.out.demanded],
  );
  t.is(
    policyOf({ tls: { policy: 'intermediate' }, inbound: { legacyTls: false } }),
    tlsPolicies.intermediate,
  );
});

test('no policy lets mail out with less than it takes mail in with', (t) => {
  const order = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'];
  for (const { exchange, out } of Object.values(tlsPolicies))
    for (const { oldest } of [out.tried, out.demanded])
      t.true(order.indexOf(oldest) >= order.indexOf(exchange.oldest));
});

test('suites of a version: none of TLS 1.2 in an older one, none that the library lacks, TLS 1.3 has its own', (t) => {
  const three = { tlsVersions: ['TLSv1', 'TLSv1.2', 'TLSv1.3'], lacksCiphers: ['DES-CBC3'] } as const;
  const offer = {
    oldest: 'TLSv1',
    newest: 'TLSv1.3',
    ciphers: ['AES128-GCM-SHA256', 'AES128-SHA256', 'AES128-SHA', 'DES-CBC3-SHA'],
  } as const;
  t.deepEqual(offeredSuites(offer, 'TLSv1', three), ['AES128-SHA']);
  t.deepEqual(offeredSuites(offer, 'TLSv1.1', three), []);
  t.deepEqual(offeredSuites(offer, 'TLSv1.2', three), ['AES128-GCM-SHA256', 'AES128-SHA256', 'AES128-SHA']);
  t.is(offeredSuites(offer, 'TLSv1.3', three).length, 3);
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
    versions: {
      postfix: '3',
      dovecot: '2.3',
      opendmarc: '1.4',
      nginx: '1',
      nsd: '4',
      fail2ban: '1',
      cloudInit: '1',
      php: '5.5',
      roundcube: '1.5',
      openssl,
    },
  });
  t.regex(cipherString(tlsPolicies['guide-2016'].mail, release('3.0')), /:@SECLEVEL=0$/);
  t.notRegex(cipherString(tlsPolicies['guide-2016'].mail, release('1.0.1f')), /@/);
  t.notRegex(cipherString(tlsPolicies.intermediate.mail, release('3.0')), /@/);
});

/** Those that the release's OpenSSL can speak. */
const policiesOf = ({ tlsVersions }: Release) =>
  (Object.keys(tlsPolicies) as PolicyName[]).filter((name) =>
    tlsVersions.includes(tlsPolicies[name].mail.oldest),
  );

for (const release of releases.values()) {
  for (const policy of policiesOf(release)) {
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
      // Since 3.9 Postfix has a group of OpenSSL's own.
      t.is(
        postfix.includes(`smtpd_tls_dh1024_param_file = ${dhFile}`),
        !isAtLeast(release.versions.postfix, '3.9'),
      );
      if (!release.tlsVersions.includes('TLSv1.3')) return;
      const groups = offeredGroups(tlsPolicies[policy], release);
      const shared = sharedGroups(tlsPolicies[policy], release);
      t.true(postfix.includes(`\ntls_eecdh_auto_curves = ${shared.join(' ')}\n`));
      t.is(/^tls_ffdhe_auto_groups = $/m.test(postfix), isAtLeast(release.versions.postfix, '3.8'));
      t.true(file('/etc/dovecot/dovecot.conf').includes(`\nssl_curve_list = ${groups.join(':')}\n`));
      t.true(nginx.includes(`ssl_ecdh_curve ${groups.join(':')};`));
    });
  }
}

test('ML-KEM beside X25519 comes first where OpenSSL has it, and a client sends a share of the two best', (t) => {
  const of = (openssl: string) => ({ versions: { ...debian13.versions, openssl } });
  const curves = ['X25519', 'prime256v1', 'secp384r1'];
  for (const policy of [tlsPolicies.intermediate, tlsPolicies.modern]) {
    t.deepEqual(offeredGroups(policy, of('3.5')), ['X25519MLKEM768', ...curves]);
    t.deepEqual(sharedGroups(policy, of('3.5')), ['*X25519MLKEM768', '*X25519', 'prime256v1', 'secp384r1']);
    // These know neither the group nor what a `*` is.
    for (const older of ['1.0.1', '3.0', '3.4'])
      t.deepEqual([offeredGroups(policy, of(older)), sharedGroups(policy, of(older))], [curves, curves]);
  }
  t.deepEqual(sharedGroups(tlsPolicies['guide-2016'], of('3.5')), curves, 'of 2016, and TLS 1.2 in');
});

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
