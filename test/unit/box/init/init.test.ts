import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
} from 'node:fs';
import test from 'ava';
import { TemporaryBox } from '../temporary-box.ts';

const key = '/home/user-data/ssl/ssl_private_key.pem';
const certificate = '/home/user-data/ssl/ssl_certificate.pem';
const dkim = '/home/user-data/mail/dkim/mail.private';

test('the first boot makes everything, and the next one touches nothing', async (t) => {
  const box = TemporaryBox.fresh(t);
  await box.init(t);
  t.true(
    box
      .report()
      .steps.every(
        ({ title, result }) =>
          result === 'ran' ||
          [
            'lab resolver',
            'key rollover',
            'TLS key change',
            'webmail',
            'restore',
            'restored state',
            'state volume',
            'state format',
            'ssh host keys',
            'databases',
            'half-made databases',
            'copy of the accounts',
            'calendars and contacts',
            'key of the doors for programs',
          ].includes(title),
      ),
  );
  const before = [box.tree('/home'), box.tree('/etc')];
  await box.init(t);
  t.true(box.report().steps.every(({ result }) => result === 'done'));
  t.deepEqual([box.tree('/home'), box.tree('/etc')], before);
  t.deepEqual(box.ran, []);
});

test('keys are for their daemons alone', async (t) => {
  const box = await TemporaryBox.booted(t);
  const mode = (file: string) => (statSync(box.at(file)).mode & 0o777).toString(8);
  t.is(mode(key), '600');
  t.is(mode(dkim), '600');
  t.is(mode('/home/user-data/mail/users.sqlite'), '640');
  t.is(mode('/etc/box/settings.json'), '600');
  t.is(mode('/etc/box/box.env'), '644');
  t.notRegex(box.read('/etc/box/box.env'), /\$6\$/);
  t.is(createPrivateKey(box.read(key)).asymmetricKeyDetails?.modulusLength, 2048);
  t.is(createPrivateKey(box.read(dkim)).asymmetricKeyDetails?.modulusLength, 2048);
});

test('the certificate is SHA-256, for the host name, and belongs to the key', async (t) => {
  const box = await TemporaryBox.booted(t);
  const made = new X509Certificate(box.read(certificate));
  t.is(made.subject, 'CN=box.example.com');
  t.is(made.subjectAltName, 'DNS:box.example.com');
  t.true(made.checkPrivateKey(createPrivateKey(box.read(key))));
  t.true(made.verify(made.publicKey));
  t.is(readlinkSync(box.at(certificate)), 'box.example.com-selfsigned-20261124.pem');
  const days = (Date.parse(made.validTo) - Date.parse(made.validFrom)) / 86_400_000;
  t.true(days <= 825, 'Apple refuses more');
  t.true(Date.parse(made.validFrom) < box.now.getTime() - 86_000_000, 'a clock may be a day behind');
  t.deepEqual(made.keyUsage, ['1.3.6.1.5.5.7.3.1']);
  // sha256WithRSAEncryption, DER.
  t.true(made.raw.includes(Buffer.from('2a864886f70d01010b', 'hex')));
  t.is(Buffer.from(made.serialNumber, 'hex').length, 16);
});

for (const [what, damage] of [
  ['empty', 0],
  ['cut off', 700],
] as const) {
  test(`a key that a power cut left ${what} is made anew, with its certificate; the damaged one is kept`, async (t) => {
    const box = await TemporaryBox.booted(t);
    for (const file of [key, dkim]) truncateSync(box.at(file), damage);
    await box.init(t);
    createPrivateKey(box.read(dkim));
    t.true(new X509Certificate(box.read(certificate)).checkPrivateKey(createPrivateKey(box.read(key))));
    t.is(readdirSync(box.at('/home/user-data/ssl')).filter((name) => name.includes('.damaged-')).length, 1);
    t.is(await box.box('init'), 0);
    t.true(box.report().steps.every(({ result }) => result === 'done'));
  });
}

test('a whole key that can not be read is refused, not replaced', async (t) => {
  const box = await TemporaryBox.booted(t);
  const strange = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n';
  box.write(key, strange);
  t.is(await box.box('init'), 1);
  t.is(box.report().step, 'TLS key');
  t.is(box.read(key), strange);
});

test('keys stay when everything else is lost', async (t) => {
  const box = await TemporaryBox.booted(t);
  const before = [box.read(key), box.read(dkim)];
  for (const file of [
    '/etc/box/box.env',
    certificate,
    '/home/user-data/mail/dkim/mail.txt',
    '/etc/opendkim/KeyTable',
  ]) {
    rmSync(box.at(file));
  }
  await box.init(t);
  t.deepEqual([box.read(key), box.read(dkim)], before);
  t.true(existsSync(box.at(certificate)));
});

test('a new host name: same keys, new certificate, aliases, tables and page', async (t) => {
  const box = await TemporaryBox.booted(t);
  const keys = [box.read(key), box.read(dkim)];
  box.settle({ hostname: 'post.example.net' });
  await box.init(t);
  t.deepEqual([box.read(key), box.read(dkim)], keys);
  t.is(new X509Certificate(box.read(certificate)).subject, 'CN=post.example.net');
  t.regex(box.read('/etc/opendkim/SigningTable'), /^\*@post\.example\.net post\.example\.net$/m);
  t.regex(box.read('/etc/box/pages/front.en.html'), /<h1>post\.example\.net<\/h1>/);
  t.is(box.read('/etc/hostname'), 'post.example.net\n');
  t.is(box.read('/etc/hosts'), '127.0.0.1 localhost\n127.0.1.1 post.example.net post\n');
  for (const told of ['opendkim reload', 'postfix restart', 'dovecot reload'])
    t.true(box.ran.includes(`service ${told}`), told);
});

test('an expired self-signed certificate is issued anew for the same key', async (t) => {
  const box = await TemporaryBox.booted(t);
  const [before, old] = [box.read(key), box.read(certificate)];
  box.now = new Date('2029-01-05T00:00:00Z');
  await box.init(t);
  t.not(box.read(certificate), old);
  t.is(box.read(key), before);
  box.now = new Date('2020-01-01T00:00:00Z');
  const current = box.read(certificate);
  await box.init(t);
  t.is(box.read(certificate), current, 'a clock that is behind changes nothing');
});

test('a self-signed certificate that a clock made that was ahead is made anew for the same key once it is right', async (t) => {
  const box = await TemporaryBox.booted(t);
  const [right, before] = [box.now, box.read(key)];
  for (const heal of [['tls', 'renew'], ['init']]) {
    box.now = new Date('2031-01-05T00:00:00Z');
    await box.init(t);
    const wrong = box.read(certificate);
    box.now = right;
    box.answer = ([program]) => (program === 'clock-is-set' ? { code: 1 } : undefined);
    await box.init(t);
    t.is(await box.box('tls', 'renew'), 0);
    t.is(box.read(certificate), wrong, 'as long as nobody says that it is right, it may be behind');
    box.answer = () => undefined;
    t.is(await box.box(...heal), 0, box.complaints.join('\n'));
    t.true(Date.parse(new X509Certificate(box.read(certificate)).validFrom) < right.getTime());
    t.is(box.read(key), before);
  }
});

test('a certificate that somebody installed is never replaced', async (t) => {
  const box = await TemporaryBox.booted(t);
  // Issued by another key, for another name and long expired: still not ours to replace.
  const installed = readFileSync(new URL('installed-certificate.pem', import.meta.url), 'utf8');
  box.write('/home/user-data/ssl/installed.pem', installed);
  rmSync(box.at(certificate));
  box.link(certificate, 'installed.pem');
  t.is(await box.box('init'), 1);
  t.regex(String(box.report().error), /does not belong to the private key/);
  t.is(box.read(certificate), installed);
});

test('a page of the owner stays', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.write('/home/user-data/www/default/index.html', '<title>Mine</title>');
  box.settle({ hostname: 'post.example.net' });
  await box.init(t);
  t.is(box.read('/home/user-data/www/default/index.html'), '<title>Mine</title>');
});

test('what a power cut left of a write is removed', async (t) => {
  const box = await TemporaryBox.booted(t);
  const left = '/home/user-data/ssl/.ssl_private_key.pem.box-new';
  box.write(left, 'half a key');
  await box.init(t);
  t.false(existsSync(box.at(left)));
});

test('the first account is made once: settings do not bring back its password', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.answer = ([program]) =>
    program === 'doveadm' ? { out: `{SHA512-CRYPT}$6$salt$${'y'.repeat(86)}\n` } : undefined;
  t.is(await box.box('account', 'password', 'me@example.com'), 0);
  const before = readFileSync(box.at('/home/user-data/mail/users.sqlite'));
  box.settle({ admin: { email: 'you@example.com' } });
  await box.init(t);
  t.deepEqual(readFileSync(box.at('/home/user-data/mail/users.sqlite')), before);
});

test('other settings for the time zone, the lab and the addresses reach their files', async (t) => {
  const box = await TemporaryBox.booted(t);
  box.settle({ publicIpv4: '192.0.2.1', lab: { rootHints: ['192.0.2.53'], trustAnchor: '. DS 1 8 2 AB' } });
  await box.init(t);
  t.is(readlinkSync(box.at('/etc/localtime')), '/usr/share/zoneinfo/Europe/Berlin');
  t.regex(box.read('/etc/box/box.env'), /^BOX_PUBLIC_IPV4='192\.0\.2\.1'$/m);
  t.regex(box.read('/etc/unbound/unbound.conf.d/zz-lab.conf'), /stub-addr: 192\.0\.2\.53/);
  t.true(box.ran.includes('service unbound restart'));
  await box.init(t);
  t.deepEqual(box.ran, []);
});

test('the walls around a unit make no volume of a folder', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.settle({ storage: { device: '/dev/vdb' } });
  box.write(
    '/proc/self/mountinfo',
    '20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 8:1 /home/user-data /home/user-data rw - ext4 /dev/sda1 rw\n',
  );
  t.is(await box.box('init'), 1);
  t.regex(box.said.join('\n'), /is not mounted at/);
});

test('a volume that is mounted is used', async (t) => {
  const box = TemporaryBox.fresh(t);
  box.settle({ storage: { device: '/dev/vdb' } });
  box.write(
    '/proc/self/mountinfo',
    '20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 8:16 / /home/user-data rw - ext4 /dev/vdb rw\n',
  );
  await box.init(t);
  t.is(box.read('/home/user-data/mailinabox.version'), '15\n');
  // A restored root keeps its times.
  utimesSync(box.at('/home/user-data/mailinabox.version'), 1, 1);
  await box.init(t);
  t.is(statSync(box.at('/home/user-data/mailinabox.version')).mtimeMs, 1000);
});

test('what Berkeley DB had begun to make when the power went is taken away, and nothing else of its', async (t) => {
  const box = await TemporaryBox.booted(t);
  const gone = ['/var/lib/postfix/__db.smtp_scache.db', '/home/user-data/mail/spamassassin/__db.bayes_toks'];
  const left = [
    '/var/lib/postfix/smtp_scache.db',
    '/home/user-data/mail/spamassassin/bayes_toks',
    '/home/user-data/mail/postgrey/db/__db.001',
  ];
  for (const path of [...gone, ...left]) box.write(path, 'bytes');
  await box.init(t);
  t.deepEqual(
    [...gone, ...left].filter((path) => existsSync(box.at(path))),
    left,
  );
});
