/**
 * Certificates by ACME from an authority of the lab, and a change of the TLS key, while a validator outside looks all the
 * time. The clocks of the box program and of the validator are moved together.
 */
import { createHash, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import anyTest from 'ava';
import { artefacts } from '../rig/artefacts.ts';
import { certificateAfterStarttls, certificateAt } from '../rig/mail.ts';
import { hostname } from '../rig/owner.ts';
import { output } from '../rig/program.ts';
import { waitFor } from '../rig/wait.ts';
import { LabBrowser } from './world/browser.ts';
import { makeLab, outsideAddress } from './world/lab.ts';
import { PanelPerson } from './world/panel-person.ts';
import { Pebble } from './world/pebble.ts';
import { started } from './world/started.ts';
import { faketimeLibrary, Validator } from './world/validator.ts';

const test = anyTest.serial;
const kept = artefacts(anyTest, 'lab-acme');
const lab = makeLab(kept);
const zone = 'example.com';
const hour = 3600;
const day = 24 * hour;
const authorityName = 'acme.outside.example';
const [resolverAddress, authorityAddress] = ['198.51.100.53', '198.51.100.54'];
const directory = `https://${authorityName}:14000/dir`;

interface Ds {
  readonly keyTag: number;
  readonly algorithm: number;
  readonly digestType: number;
  readonly digest: string;
}

const ready = lab.then(async (it) => {
  const { outside } = it;
  for (const address of [resolverAddress, authorityAddress])
    await outside.ip('address', 'add', `${address}/24`, 'dev', 'br0');
  await it.zone.publish([`${authorityName}. A ${authorityAddress}`]);
  const resolver = { rootHints: [outsideAddress], trustAnchor: it.zone.trustAnchor };
  const validator = kept.own(
    await new Validator(kept.folder, it.image, outside, resolverAddress, resolver).start(),
  );
  const pair = await it.ca.issue([authorityName]);
  const pebble = kept.own(
    new Pebble(kept.folder, { outside, address: authorityAddress, resolver: resolverAddress, pair }),
  );
  await pebble.start(3 * hour);
  const box = await started(it, 'box', it.owner, {
    lab: { ...resolver, acmeAuthority: readFileSync(it.ca.pair.certificate, 'utf8') },
    acme: { directory },
  });
  await box.run('systemctl disable --quiet --now box-dns.timer box-tls.timer');
  await box.run('base64 -d >/opt/libfaketime.so', readFileSync(faketimeLibrary()).toString('base64'));
  // dig does not bear libfaketime, and needs no other clock.
  await box.run(
    'mkdir /opt/bin && cat >/opt/bin/dig && chmod 755 /opt/bin/dig',
    '#!/bin/sh\nunset LD_PRELOAD\nexec /usr/bin/dig "$@"\n',
  );
  const ds = JSON.parse(await box.run('box dns ds --json')) as Ds[];
  await it.zone.publish([
    `${zone}. NS ns1.${hostname}.`,
    `${zone}. NS ns2.${hostname}.`,
    `ns1.${hostname}. A ${box.host}`,
    `ns2.${hostname}. A ${box.host}`,
    ...ds.map((each) => `${zone}. DS ${each.keyTag} ${each.algorithm} ${each.digestType} ${each.digest}`),
  ]);
  await box.run('systemctl restart unbound');
  return { ...it, box, validator, pebble };
});

/** Seconds that the clocks are ahead. */
let ahead = 0;
const clock = () => [
  'PATH=/opt/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  'LD_PRELOAD=/opt/libfaketime.so',
  'DONT_FAKE_MONOTONIC=1',
  `FAKETIME=+${ahead}`,
];

async function moveClocks(seconds: number): Promise<void> {
  ahead += seconds;
  (await ready).validator.clock(ahead);
}
const boxTls = async (words: string) =>
  (await ready).box.outcome(`env ${clock().join(' ')} box tls ${words}`);

/** What the timer starts, on the moved clock. */
async function timerRuns(): Promise<number | null> {
  const { box } = await ready;
  const environment = clock()
    .map((each) => `Environment=${each}\n`)
    .join('');
  await box.run(
    'mkdir -p /run/systemd/system/box-tls.service.d && cat >/run/systemd/system/box-tls.service.d/clock.conf && systemctl daemon-reload',
    // A sandboxed unit does not see root's home.
    `[Service]\n${environment}`,
  );
  return (await box.outcome('systemctl start box-tls.service')).code;
}
const status = async () => {
  const { box } = await ready;
  return (await box.outcome(`env ${clock().join(' ')} box status`)).stdout;
};

/** Has the box trust what the authority issues, as an owner would. */
async function trustAuthority(): Promise<void> {
  const { box, pebble } = await ready;
  await box.run(
    'cat >/usr/local/share/ca-certificates/pebble.crt && update-ca-certificates --fresh >/dev/null 2>&1',
    await pebble.root(),
  );
}

const served = async (port: number) => {
  const { box } = await ready;
  const found = await ([25, 587].includes(port)
    ? certificateAfterStarttls(box, port)
    : certificateAt(box, port, hostname));
  return new X509Certificate(found.pem);
};
const hashOf = (certificate: X509Certificate) =>
  createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');

/** TLSA records of port 25, as the validator sees them. */
async function tlsa(): Promise<string[]> {
  const { validator } = await ready;
  const { text, secure } = await validator.ask(`_25._tcp.${hostname}`, 'TLSA');
  if (!secure) throw new Error(`not validated: ${text}`);
  return [...text.matchAll(/\sTLSA\s+3 1 1 ([0-9A-F ]+)$/gim)].map(([, hex = '']) =>
    hex.replace(/ /g, '').toLowerCase(),
  );
}

async function everyPortServes(fingerprint: (one: X509Certificate) => boolean): Promise<void> {
  for (const port of [443, 465, 993, 995, 25, 587])
    await waitFor(`the certificate on port ${port}`, async () =>
      fingerprint(await served(port)) ? true : undefined,
    );
}

let first: X509Certificate;
let key: string;

test('http-01: one certificate for every name that leads to the box; others are left out, with the reason', async (t) => {
  const { box, validator } = await ready;
  await waitFor('the zone to be validated', async () =>
    (await validator.ask(zone, 'MX')).secure ? true : undefined,
  );
  key = hashOf(await served(443));
  t.deepEqual(await tlsa(), [key]);
  await box.run('box alias add info@elsewhere.example me@example.com');
  await trustAuthority();
  const dry = await boxTls('provision --dry-run');
  t.regex(dry.stdout, /^due {6}the certificate is self-signed$/m);
  const done = await boxTls('provision');
  t.is(done.code, 0, done.stderr);
  t.regex(done.stdout, /^left out mta-sts\.elsewhere\.example: it has no address in the DNS$/m);
  first = await served(443);
  for (const name of [hostname, zone, `mta-sts.${zone}`, `autoconfig.${zone}`, `www.${zone}`])
    t.truthy(first.checkHost(name), name);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === first.fingerprint256);
  t.is(hashOf(first), key);
  t.deepEqual(await tlsa(), [key]);
  t.is(await box.run('stat -c %a /home/user-data/ssl/acme/account.pem'), '600\n');
  t.is(await box.run('find /home/user-data/ssl/lets_encrypt -type f'), '');
  t.regex((await boxTls('provision')).stdout, /^nothing to do: the certificate in service will do$/m);
});

test('near its end the timer’s unit renews it, by dns-01 this time: another certificate for the same key', async (t) => {
  const { box, pebble } = await ready;
  await box.run(
    'cat >/root/change.py && python3 /root/change.py',
    `import json
path = '/etc/box/settings.json'
settings = json.load(open(path))
settings['acme']['challenge'] = 'dns-01'
json.dump(settings, open(path, 'w'))
`,
  );
  const fetched = () => box.run('grep -c acme-challenge /var/log/nginx/access.log');
  const before = await fetched();
  t.regex(before, /^[1-9]/);
  t.is(await timerRuns(), 0);
  t.is((await served(443)).fingerprint256, first.fingerprint256, 'not yet due');
  await pebble.start(60 * day);
  await trustAuthority();
  await moveClocks(2 * hour + 60);
  t.is(await timerRuns(), 0, await box.run('journalctl -u box-tls.service --no-pager | tail -n 20'));
  const second = await served(443);
  t.not(second.fingerprint256, first.fingerprint256);
  t.is(hashOf(second), key);
  t.deepEqual(await tlsa(), [key]);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === second.fingerprint256);
  t.is(await fetched(), before, 'no file was asked for');
  t.is(await box.run('grep -c acme-challenge /home/user-data/dns/zones/example.com.txt || true'), '0\n');
  first = second;
});

test('what the authority can’t see: the old certificate goes on, box status says why, and the box does not ask again at once', async (t) => {
  const { box, pebble } = await ready;
  await box.run(`sed -i 's/, "challenge": "dns-01"//' /etc/box/settings.json`);
  await box.run(
    'nft add table inet broken && nft add chain inet broken input "{ type filter hook input priority -300; }" && nft add rule inet broken input tcp dport 80 reject with tcp reset',
  );
  // One more name leads here now, so that another certificate is due.
  await (await lab).zone.publish([`mta-sts.elsewhere.example. A ${box.host}`]);
  await box.run('systemctl restart unbound');
  t.not(await timerRuns(), 0);
  t.is((await served(443)).fingerprint256, first.fingerprint256);
  const said = await status();
  t.regex(
    said,
    /^warning {2}certificate by ACME: box\.example\.com could not be proven: .*1 tries failed, the next is not before .*\n {9}-> .*box tls provision/m,
  );
  const asked = readFileSync(pebble.log, 'utf8').match(/POST \/order-plz/g)?.length;
  t.is(await timerRuns(), 0);
  t.is(readFileSync(pebble.log, 'utf8').match(/POST \/order-plz/g)?.length, asked);
  t.regex(
    (await boxTls('provision')).stdout,
    /^nothing to do: the last try failed, and the next one is not before/m,
  );
  await box.run('nft delete table inet broken');
});

test('a daemon that does not take it: all serve the old one again; once mended, the new one', async (t) => {
  const { box } = await ready;
  await moveClocks(16 * 60);
  await box.run('echo "no directive;" >/etc/nginx/box.d/broken.conf');
  const failed = await boxTls('provision');
  t.is(failed.code, 1);
  t.regex(failed.stderr, /the certificate was taken back: .*nginx/);
  await everyPortServes(({ fingerprint256 }) => fingerprint256 === first.fingerprint256);
  await box.run('rm /etc/nginx/box.d/broken.conf');
  t.is((await box.outcome('nginx -t')).code, 0);
  await moveClocks(16 * 60);
  const mended = await boxTls('provision');
  t.regex(mended.stdout, /^installed: .*mta-sts\.elsewhere\.example/, mended.stderr);
  t.regex(await status(), /^ok {7}certificate by ACME: is renewed on 20/m);
});

test('a new key: its TLSA record comes first, and at no moment does a record not match what is served', async (t) => {
  const { box } = await ready;
  const [seen, faults]: [Set<string>, string[]] = [new Set(), []];
  let over = false;
  const looking = (async () => {
    while (!over) {
      // As a mail server does: it asks, and then connects. Not so often that it is turned away.
      const records = await tlsa();
      const certificate = await served(25).catch(() => undefined);
      const shown = certificate && hashOf(certificate);
      if (shown !== undefined) seen.add(`${records.length} ${shown === key ? 'old' : 'new'}`);
      if (shown !== undefined && !records.includes(shown)) faults.push(`${records.join(' ')} but ${shown}`);
      await sleep(700);
    }
  })();
  const phase = async () => (await boxTls('new-key --show')).stdout;
  t.regex((await boxTls('new-key')).stdout, /^introducing: waits for the world to learn/);
  t.is((await boxTls('new-key')).code, 1);
  const atBox = ['dig', '+short', `@${box.host}`, `_25._tcp.${hostname}`, 'TLSA'];
  t.is((await output([...box.prefix, ...atBox])).match(/^3 1 1 /gm)?.length, 2);
  await moveClocks(5 * hour);
  await timerRuns();
  t.is(hashOf(await served(443)), key, 'too early');
  await moveClocks(hour + 60);
  t.is(await timerRuns(), 0, await box.run('journalctl -u box-tls.service --no-pager | tail -n 5'));
  t.regex(await phase(), /^retiring: /);
  await everyPortServes((certificate) => hashOf(certificate) !== key);
  await box.run(
    'openssl verify -CAfile /etc/ssl/certs/ca-certificates.crt -untrusted /home/user-data/ssl/ssl_certificate.pem /home/user-data/ssl/ssl_certificate.pem',
  );
  const before = key;
  await waitFor('a look at the new key', async () => (seen.has('2 new') ? true : undefined));
  await moveClocks(6 * hour + 60);
  t.is(await timerRuns(), 0);
  t.notRegex(await output([...box.prefix, ...atBox]), new RegExp(before, 'i'));
  await moveClocks(hour + 60);
  await waitFor('the old record to be forgotten', async () =>
    (await tlsa()).includes(before) ? undefined : true,
  );
  over = true;
  await looking;
  t.deepEqual(faults, []);
  t.true(
    ['2 old', '2 new'].every((each) => seen.has(each)),
    [...seen].join(),
  );
  t.is((await tlsa()).length, 1);
  t.regex(await phase(), /^the key is not being changed/);
  t.is(await box.run('ls /home/user-data/ssl | grep -c private'), '1\n');
});

/** As a program asks the panel below `/admin/ssl/`. */
async function askApi(...[where = '', ...more]: string[]): Promise<string> {
  const { box, owner } = await ready;
  const curl = ['curl', '--disable', '-sS', '--insecure', '--max-time', '180', '-K', '-', ...more];
  const input = `user = "${owner.email}:${owner.password}"\n`;
  return output([...box.prefix, ...curl, `https://${box.host}/admin/ssl/${where}`], { input });
}

test('the API: status, a request, installing and provisioning, as Mail-in-a-Box’s clients ask', async (t) => {
  const { box } = await ready;
  const ask = askApi;
  const found = JSON.parse(await ask('status'));
  t.deepEqual(found.can_provision, []);
  t.like(
    found.status.find((each: { domain: string }) => each.domain === hostname),
    { status: 'success' },
  );
  t.like(
    found.status.find((each: { domain: string }) => each.domain === 'elsewhere.example'),
    { status: 'danger' },
  );
  t.regex(await ask(`csr/www.${zone}`, '--data', 'countrycode=DE'), /^-----BEGIN CERTIFICATE REQUEST-----/);
  t.regex(await ask('csr/www.stranger.example', '--data', 'countrycode='), /^Invalid domain name\./);
  t.like(JSON.parse(await ask('provision', '--request', 'POST')), {
    requests: [{ result: 'skipped', message: 'the certificate in service will do' }],
  });
  const pem = await box.run('cat /home/user-data/ssl/ssl_certificate.pem');
  const [cert = '', ...chain] = pem.split(/(?=-----BEGIN)/);
  const form = (domain: string, text: string) => [
    ...['--data-urlencode', `domain=${domain}`, '--data-urlencode', `cert=${text}`],
    ...['--data-urlencode', `chain=${chain.join('')}`],
  ];
  t.is(await ask('install', ...form(hostname, cert)), 'OK');
  t.regex(
    await ask('install', ...form(hostname, chain.join(''))),
    /^the certificate is not for the box’s key/,
  );
});

test('the API and the panel get a certificate that is due: for a name more each time', async (t) => {
  const { box, owner, zone: dns } = await ready;
  /** One more name leads here now. */
  const leadHere = async (name: string) => {
    await dns.publish([`${name}. A ${box.host}`]);
    await box.run('systemctl restart unbound');
    t.deepEqual(JSON.parse(await askApi('status')).can_provision, [name]);
  };
  await leadHere('elsewhere.example');
  const { requests } = JSON.parse(await askApi('provision', '--request', 'POST'));
  t.like(requests, [{ result: 'installed', message: '' }]);
  t.true(requests[0].domains.includes('elsewhere.example'));
  t.true(requests[0].log.some((line: string) => /^www\.elsewhere\.example: /.test(line)));
  await everyPortServes((one) => one.checkHost('elsewhere.example') !== undefined);

  await leadHere('www.elsewhere.example');
  const browser = kept.own(await LabBrowser.of(box));
  const person = new PanelPerson(await browser.page());
  await person.open();
  await person.logIn(owner);
  await person.said(/^Logged in/);
  await person.go('Certificate');
  t.regex(await person.text(), /It is wanted for www\.elsewhere\.example\./);
  await person.named('checkbox', 'I agree to the authority’s terms, and to its publishing the names').click();
  await person.press('Get a certificate');
  await person.said(/^A new certificate is in service, for .*www\.elsewhere\.example/);
  t.regex(await person.text(), /No name needs one\./);
  await everyPortServes((one) => one.checkHost('www.elsewhere.example') !== undefined);
});

test('where the certificate names an OCSP responder, nginx staples its answer', async (t) => {
  const { box, ca, outside } = await ready;
  const port = 2560;
  const url = `http://client.outside.example:${port}`;
  const pem = await ca.signForOcsp(await box.run('box tls csr'), url, hostname, `mta-sts.${zone}`);
  kept.own(await ca.answerOcsp(outside, port));
  await box.run(ca.install.script, ca.install.input);
  await box.run('cat >/root/ocsp.pem', pem);
  await box.run('box tls install /root/ocsp.pem');
  const ask = ['openssl', 's_client', '-connect', `${box.host}:443`, '-servername', hostname, '-status'];
  await waitFor('a stapled answer', async () =>
    /OCSP Response Status: successful[\s\S]*Cert Status: good/.test(await output([...box.prefix, ...ask]))
      ? true
      : undefined,
  );
  t.pass();
});
