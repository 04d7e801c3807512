/** Keys, certificates and records in the forms that other programs give them. */
import { createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import test from 'ava';
import { publishes, recordFile } from '../../../../box/keys/dkim/selectors.ts';
import { generateKey } from '../../../../box/keys/dnssec/make.ts';
import { sshFingerprint } from '../../../../box/keys/tls/fingerprints.ts';
import { isDamaged } from '../../../../box/keys/tls/private-key.ts';
import { issueSelfSigned } from '../../../../box/keys/tls/self-signed.ts';
import { sshHostKey, TemporaryBox } from '../temporary-box.ts';

test('the DKIM record has the form of opendkim-genkey, in strings that DNS takes', (t) => {
  const key = createPrivateKey(
    generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  );
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const { text } = recordFile('mail', key);
  t.regex(
    text,
    /^mail\._domainkey\tIN\tTXT\t\( "v=DKIM1; h=sha256; k=rsa; s=email; "\n\t {2}"p=MIIB[^"]{246,}"\n\t {2}"[^"]+" \)\n$/,
  );
  for (const [, string] of text.matchAll(/"([^"]*)"/g)) t.true((string ?? '').length <= 255);
  t.true(publishes(text, key));
  t.false(publishes(text, other));
  t.true(
    publishes(`${text.trimEnd()}  ; ----- DKIM key mail for example.com\n`, key),
    'as opendkim-genkey ends it',
  );
});

test('ssh fingerprints are those of ssh-keygen', (t) => {
  t.is(sshFingerprint(sshHostKey.line), sshHostKey.fingerprint);
  t.is(
    sshFingerprint(
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBLSu0QkBazskdQPCxuD7srdtnifCywgnf7iiC7pQ1nnpO/S+du3/FZ84cgEGR/DqBUtiOsEhUv6wp9HqOE42DpQ= x',
    ),
    'SHA256:RMErneVSkubb9frVaRVZa3nXW7gYDwRVv+3OCoqE1r0 (ECDSA)',
  );
  t.is(sshFingerprint('nonsense'), undefined);
});

test('a certificate for a name that a subject can not hold has it as alternative name only', async (t) => {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const hostname = `${'a'.repeat(60)}.example.com`;
  const certificate = new X509Certificate(await issueSelfSigned(hostname, key, new Date()));
  t.is(certificate.checkHost(hostname), hostname);
  t.false((certificate.subject ?? '').includes('CN='));
});

test('an elliptic key is not signed with, and the error says what to do', async (t) => {
  const key = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  await t.throwsAsync(issueSelfSigned('box.example.com', key, new Date()), { message: /the TLS key is EC/ });
});

test('damaged PEM is told from whole', (t) => {
  const whole = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  t.false(isDamaged(whole));
  t.false(isDamaged(whole.replace(/\n/g, '\r\n')));
  for (let length = 0; length < whole.trimEnd().length; length++)
    t.true(isDamaged(whole.slice(0, length)), `${length} bytes`);
  t.true(isDamaged('\0'.repeat(1700)));
});

test('a new DNSSEC key has neither the tag of another nor the next one: ldns-signzone would take it for that', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.write('/home/user-data/dns/dnssec/K_domain_.+007+13679.private', '');
  const made = [13679, 13680, 13678, 13681];
  box.broken = ([program]) => program === 'ldns-keygen';
  box.answer = ([program]) => (program === 'ldns-keygen' ? { out: `K_domain_.+013+${made.shift()}\n` } : {});
  t.is(await generateKey(box.machine, 'ECDSAP256SHA256', 'ksk'), 'K_domain_.+013+13681');
});
